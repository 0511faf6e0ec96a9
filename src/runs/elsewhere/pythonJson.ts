// JSON as Python writes it: with NaN and Infinity bare.

export type JsonObject = Readonly<Record<string, unknown>>;

const STRING_OR_WORD = /"(?:[^"\\]|\\.)*"|-?\b(?:NaN|Infinity)\b/g;

/** The object that a text is; numbers that are not finite are null. undefined for anything else. */
export function parseObject(text: string): JsonObject | undefined {
  const value = parse(text) ?? parse(text.replace(STRING_OR_WORD, (found) => (found.startsWith('"') ? found : 'null')));
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : undefined;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** A text that can be stored and shown: half surrogate pairs are replaced. */
export const wellFormed = (text: string): string => text.replace(/\p{Surrogate}/gu, '\ufffd');
