// Whole numbers as text, of any length: a model may write any number of digits.

/** `+007` → `7`, `-0` → `0`; undefined if the text is no whole number. In linear time. */
export function canonicalInteger(text: string): string | undefined {
  const [, sign, digits = ''] = /^([+-]?)0*(\d+)$/.exec(text) ?? [];
  if (digits === '') return undefined;
  return sign === '-' && digits !== '0' ? `-${digits}` : digits;
}
