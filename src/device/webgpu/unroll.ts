// Loops over compile-time widths, written out. A private array whose every index is a constant lives in registers; with an
// index that varies, software drivers keep it in memory (four times the time of an attention kernel on SwiftShader), and
// hardware drivers unroll by rules of their own.
import { ShaderFormError } from '../errors';

/** Copies of the innermost statements that one loop may grow to. */
const MOST_COPIES = 256;

const CONSTANT = /^\s*const\s+(\w+)\s*=([^;]+);/gm;
const LOOP = /for \(var (\w+) = 0u; \1 < ([^;{]+); \1\+\+\) \{/g;
const LEAVES = /\b(?:break|continue|return)\b/;

/** Value of a sum of products and whole quotients of constants and numbers; undefined for anything else. */
function evaluate(expression: string, constants: ReadonlyMap<string, number>): number | undefined {
  const [bracketed, inside] = /\(([^()]*)\)/.exec(expression) ?? [];
  if (bracketed !== undefined && inside !== undefined) {
    const value = evaluate(inside, constants);
    return value === undefined ? undefined : evaluate(expression.replace(bracketed, `${value}`), constants);
  }
  let total = 0;
  for (const term of expression.split('+')) {
    let product = 1;
    for (const [, operator, factor] of `*${term}`.matchAll(/([*/])([^*/]+)/g)) {
      const name = (factor as string).trim();
      const value = /^\d+u?$/.test(name) ? Number.parseInt(name, 10) : constants.get(name);
      if (value === undefined) return undefined;
      product = operator === '*' ? product * value : Math.floor(product / value);
    }
    total += product;
  }
  return total;
}

/** Index of the brace that closes the one before `from`. */
function closingBrace(text: string, from: number): number {
  let depth = 1;
  for (let i = from; i < text.length; i++) {
    if (text[i] === '{') depth++;
    if (text[i] === '}' && --depth === 0) return i;
  }
  throw new Error('a loop of the shader has no end');
}

function unrollIn(text: string, constants: ReadonlyMap<string, number>): { text: string; copies: number } {
  let result = '';
  let at = 0;
  let copies = 1;
  for (const match of text.matchAll(LOOP)) {
    if (match.index < at) continue; // inside a loop that is done
    const [head, variable, bound] = match as unknown as [string, string, string];
    const bodyFirst = match.index + head.length;
    const bodyEnd = closingBrace(text, bodyFirst);
    const body = unrollIn(text.slice(bodyFirst, bodyEnd), constants);
    const times = evaluate(bound, constants);
    result += text.slice(at, match.index);
    // A loop of no turns stays, since a binding that only it uses would else be missing from the pipeline's layout.
    if (!times || times * body.copies > MOST_COPIES || LEAVES.test(body.text)) {
      result += `${head}${body.text}}`;
      copies = Math.max(copies, body.copies);
    } else {
      for (let i = 0; i < times; i++) result += `{ const ${variable} = ${i}u;${body.text}}\n`;
      copies = Math.max(copies, times * body.copies);
    }
    at = bodyEnd + 1;
  }
  return { text: result + text.slice(at), copies };
}

/** Every constant that is a whole number, or made of such constants, wherever they stand. */
function constantsOf(shader: string, wgsl: string): Map<string, number> {
  const constants = new Map<string, number>();
  let open = [...wgsl.matchAll(CONSTANT)];
  const texts = new Map<string, string>();
  for (const [text, name, expression] of open as unknown as [string, string, string][]) {
    if ((texts.get(name) ?? expression) !== expression) {
      throw new ShaderFormError(shader, lineOf(wgsl, text), text.trim(), 'one value for a name in all of a shader');
    }
    texts.set(name, expression);
  }
  for (let before = open.length + 1; open.length < before; ) {
    before = open.length;
    open = open.filter(([, name, expression]) => {
      const value = evaluate(expression as string, constants);
      if (value !== undefined) constants.set(name as string, value);
      return value === undefined;
    });
  }
  return constants;
}

function lineOf(wgsl: string, text: string): number {
  return wgsl.slice(0, wgsl.lastIndexOf(text.trim())).split('\n').length;
}

/**
 * Linked WGSL with every short loop `for (var i = 0u; i < CONSTANTS; i++)` written out. Loops of another form stay as they are.
 * @throws ShaderFormError where a constant has two values, since a bound is looked up by name.
 */
export function unroll(shader: string, wgsl: string): string {
  const code = wgsl.replace(/\/\/.*$/gm, '');
  return unrollIn(code, constantsOf(shader, code)).text;
}
