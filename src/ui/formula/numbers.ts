// Numbers as they stand in formulas.

const MINUS = '−';

/** About three figures: 1.1 → "1.10", 0.00042 → "4.2e-4" taken apart. */
function figures(value: number): { readonly digits: string; readonly exponent?: number } {
  const size = Math.abs(Number(value.toPrecision(3)));
  if (value === 0 || (size >= 1e-3 && size < 1e5)) {
    const places = size >= 100 ? 1 : size >= 0.1 || value === 0 ? 2 : 4;
    return { digits: value.toFixed(Number.isInteger(value) && size >= 10 ? 0 : places) };
  }
  const [digits = '', exponent = '0'] = value.toExponential(2).split('e');
  return { digits, exponent: Number(exponent) };
}

/** TeX of a number. @param isInside negative ones stand in brackets. */
export function texNumber(value: number, isInside = false): string {
  if (Number.isNaN(value)) return '\\text{–}';
  if (!Number.isFinite(value)) return value > 0 ? '\\infty' : '-\\infty';
  const { digits, exponent } = figures(value);
  const tex = exponent === undefined ? digits : `${digits}\\cdot 10^{${exponent}}`;
  return isInside && digits.startsWith('-') ? `(${tex})` : tex;
}

/** The same in plain type. */
export function plainNumber(value: number): string {
  if (Number.isNaN(value)) return '–';
  if (!Number.isFinite(value)) return value > 0 ? '∞' : `${MINUS}∞`;
  const { digits, exponent } = figures(value);
  const text = exponent === undefined ? digits : `${digits}e${exponent}`;
  return text.replaceAll('-', MINUS);
}
