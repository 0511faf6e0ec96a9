// KaTeX behind a small interface, in its own chunk: renders into an element, trusts nothing in the text, never throws, and
// does no more than a fraction of a frame's work.
import katex from 'katex';
import 'katex/dist/katex.min.css';

/** What KaTeX makes of a formula before it is elements. Its own type, which it does not declare. */
interface FormulaNode {
  readonly children?: readonly FormulaNode[];
  readonly attributes?: Record<string, string>;
  toNode(): Node;
}

const { __renderToDomTree: build } = katex as unknown as {
  __renderToDomTree(tex: string, options: katex.KatexOptions): FormulaNode;
};

/** Without definitions of its own, TeX of the length that is taken (`toTex`) comes to fewer. */
const MAX_NODES = 3000;
/** What makes much of little text: a name for a long one, used again and again. */
const DEFINING = [
  ...['\\def', '\\gdef', '\\edef', '\\xdef', '\\let', '\\futurelet', '\\global', '\\long'],
  ...['\\newcommand', '\\renewcommand', '\\providecommand'],
];
const refuse = (): string => {
  throw new Error('A formula may define nothing.');
};
const OPTIONS: katex.KatexOptions = {
  throwOnError: false,
  trust: false,
  strict: 'ignore',
  maxExpand: 200,
  maxSize: 10,
};
/** Where KaTeX would write a style attribute, which the page's policy refuses; `typeset` sets the same as properties. */
const STYLE = 'data-style';

function count(node: FormulaNode): number {
  let nodes = 1;
  for (const child of node.children ?? []) nodes += count(child);
  return nodes;
}

function moveStyles({ attributes, children }: FormulaNode): void {
  if (attributes?.style !== undefined) {
    attributes[STYLE] = attributes.style;
    delete attributes.style;
  }
  children?.forEach(moveStyles);
}

/** The one command that is trusted, in the page's own formulas alone: it names places that are found again. */
const TRUSTED: katex.KatexOptions = { trust: ({ command }) => command === '\\htmlClass', displayMode: true };

/** What TeX comes to, without style attributes; undefined if it is too much, or breaks KaTeX. */
export function buildFormula(tex: string, options: katex.KatexOptions = {}): FormulaNode | undefined {
  try {
    const macros = Object.fromEntries(DEFINING.map((name) => [name, refuse]));
    const formula = build(tex, { ...OPTIONS, ...options, macros });
    if (count(formula) > MAX_NODES) return undefined;
    moveStyles(formula);
    return formula;
  } catch {
    // What defines something, and hostile input that gets past throwOnError as a RangeError.
    return undefined;
  }
}

/** Typesets TeX into the element; text that KaTeX refuses is shown as it is. */
export function typeset(tex: string, element: HTMLElement): void {
  put(tex, buildFormula(tex), element);
}

/** Typesets a formula of the page's own, which may name places in it by `\htmlClass`. Never for text that others wrote. */
export function typesetOwn(tex: string, element: HTMLElement, isInline = false): void {
  put(tex, buildFormula(tex, { ...TRUSTED, displayMode: !isInline }), element);
}

function put(tex: string, formula: FormulaNode | undefined, element: HTMLElement): void {
  element.replaceChildren(formula === undefined ? tex : formula.toNode());
  for (const part of element.querySelectorAll<HTMLElement | SVGElement | MathMLElement>(`[${STYLE}]`)) {
    part.style.cssText = part.getAttribute(STYLE) ?? '';
    part.removeAttribute(STYLE);
  }
}
