// YAML of plain settings, so that Python's readers, which are of YAML 1.1, take every value as it is meant.

export type Scalar = string | number | boolean | null;
export type Setting = Scalar | readonly Scalar[];
export type Settings = Readonly<Record<string, Setting>>;

/** A number with a point before an exponent: YAML 1.1 takes `1e-6` for a text. */
function numberText(value: number): string {
  const text = String(value);
  return /^-?\d+e/.test(text) ? text.replace('e', '.0e') : text;
}

function scalarText(value: Scalar): string {
  return typeof value === 'number' ? numberText(value) : JSON.stringify(value);
}

/** One value, as YAML and as Hydra's command line read it. */
export const settingText = (value: Setting): string =>
  typeof value === 'object' && value !== null ? `[${value.map(scalarText).join(', ')}]` : scalarText(value);

/** A line for each setting. */
export function yamlFile(comment: string, settings: Settings): string {
  const lines = Object.entries(settings).map(([name, value]) => `${name}: ${settingText(value)}\n`);
  return `${comment.replace(/^/gm, '# ')}\n${lines.join('')}`;
}
