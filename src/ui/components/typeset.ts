// From the model's bare text to mathematics on the page. Pure text functions.

/** Longer formulas are left as text: typesetting them could hold up the page. */
const MAX_TEX_LENGTH = 400;
const ARITHMETIC = /^[\d\s+\-−*/=?().,]+$/;
const ALGEBRA = /^[\dxf\s+\-−/=?().,^]+$/;

/** Whether the text is an equation or an answer to one, such as `\sqrt{x+3}=5`. Programs, with their `*`, are not. */
export function isAlgebra(text: string): boolean {
  if (text.length > MAX_TEX_LENGTH) return false;
  const plain = text.replace(/\\sqrt\{[^{}]*\}|\\varnothing/g, (part) =>
    ALGEBRA.test(part.slice(6, -1)) || part === '\\varnothing' ? 'x' : '{',
  );
  return plain.includes('x') && ALGEBRA.test(plain);
}

/** Whether the text is a sum, a product or a number, such as `9-8+3-7=?`: plain type shows it as well as TeX would. */
export function isArithmetic(text: string): boolean {
  return ARITHMETIC.test(text.trim());
}

/** TeX for an equation, or for text between dollar signs; undefined for what plain type shows as well, and for words. */
export function toTex(text: string): string | undefined {
  const trimmed = text.trim();
  if (trimmed === '' || trimmed.length > MAX_TEX_LENGTH) return undefined;
  const dollars = /^\$([^$]+)\$$/.exec(trimmed);
  if (dollars) return dollars[1];
  if (!isAlgebra(trimmed)) return undefined;
  return trimmed
    .replaceAll('−', '-')
    .replaceAll('/', '\\div ')
    .replace(/=\s*-/g, '={-}')
    .replace(/,(?=[xf])/g, ',\\;')
    .replace('?', '\\mathord{?}');
}

/** The same in plain type: true minus signs, roots and squares, air around the operators, none after a sign. */
export function toPlainMaths(text: string): string {
  return text
    .replace(/\\sqrt\{([^{}]*)\}/g, '√($1)')
    .replaceAll('\\varnothing', '∅')
    .replaceAll('^2', '²')
    .replace(/(?<=[\d)?])\s*([*/])\s*(?=[\d(])/g, ' $1 ')
    .replace(/(?<=[\dx)²?])\s*([+\-−])\s*(?=[\dx(√])/g, ' $1 ')
    .replace(/(?<=[\dx)²])\s*=\s*(?=[\dx(√∅?\-−])/g, ' = ')
    .replace(/-(?=\s?[\dx]|$)/g, '−')
    .replaceAll(' * ', ' × ')
    .replaceAll(' / ', ' ÷ ');
}
