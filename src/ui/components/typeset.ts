// From the model's bare text to mathematics on the page. Pure text functions.

/** Longer formulas are left as text: typesetting them could hold up the page. */
const MAX_TEX_LENGTH = 400;
const ARITHMETIC = /^[\d\s+\-−*/=?().,]+$/;

/** TeX for a sum or a number such as `9-8+3-7=?`, or for text between dollar signs; undefined for ordinary words. */
export function toTex(text: string): string | undefined {
  const trimmed = text.trim();
  if (trimmed === '' || trimmed.length > MAX_TEX_LENGTH) return undefined;
  const dollars = /^\$([^$]+)\$$/.exec(trimmed);
  if (dollars) return dollars[1];
  if (!ARITHMETIC.test(trimmed)) return undefined;
  return trimmed
    .replaceAll('−', '-')
    .replaceAll('*', '\\times ')
    .replaceAll('/', '\\div ')
    .replace(/=\s*-/g, '={-}')
    .replace('?', '\\mathord{?}');
}

/** The same in plain type: true minus signs, air around the operators, none after a sign. */
export function toPlainMaths(text: string): string {
  return text
    .replace(/(?<=[\d)?])\s*([+\-−*/])\s*(?=[\d(])/g, ' $1 ')
    .replace(/(?<=[\d)])\s*=\s*(?=[\d(?\-−])/g, ' = ')
    .replace(/-(?=\s?\d|$)/g, '−')
    .replaceAll(' * ', ' × ')
    .replaceAll(' / ', ' ÷ ');
}
