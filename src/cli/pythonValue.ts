// Values as people who come from Python write them, beside JSON.

/**
 * `True`, `None`, `'dapo'`, `{'accuracy': 1.0}`, `(1, 2)`, `.5`, `1_000` as JSON has them; undefined for what is none
 * of these.
 */
export function readPython(text: string): unknown {
  const json = text
    .trim()
    .replace(/^\((.*)\)$/s, '[$1]')
    .replace(/'([^'"\\]*)'/g, '"$1"')
    .replace(
      /("[^"]*")|\b(True|False|None)\b|(?<![\w.])\.(\d)|(\d)_(?=\d)|(\d)\.(?![\d])|,\s*(?=[\]}])/g,
      (all, quoted, word, point, digits, whole) => {
        if (quoted !== undefined) return quoted;
        if (word !== undefined) return { True: 'true', False: 'false', None: 'null' }[word as 'True'];
        if (point !== undefined) return `0.${point}`;
        if (digits !== undefined) return digits;
        return whole !== undefined ? `${whole}.0` : all.startsWith(',') ? '' : all;
      },
    );
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}
