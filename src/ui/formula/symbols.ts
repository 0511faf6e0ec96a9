// The symbols of the page's formulas: how each is written, and how its place in a formula is found again. Pure text.

/** TeX by name. A name has a sentence in the texts, `formula.symbol.NAME`. */
export const SYMBOLS = {
  score: 's_k',
  scoreWeight: 'w_k',
  reward: 'r',
  mean: '\\bar r',
  std: '\\sigma',
  advantage: 'A',
  logp: '\\log\\pi_\\theta',
  oldLogp: '\\log\\pi_{\\mathrm{old}}',
  refLogp: '\\log\\pi_{\\mathrm{ref}}',
  ratio: '\\rho',
  epsilon: '\\varepsilon',
  epsilonHigh: '\\varepsilon_{\\mathrm{high}}',
  delta: '\\delta',
  clipped: 'c',
  temperature: '\\tau',
  gate: 'g',
  gamma: '\\varphi',
  whole: 'W',
  gammaPower: 'k',
  gammaDecay: '\\lambda',
  normalized: '\\tilde r',
  ownMean: '\\bar s_k',
  ownStd: '\\sigma_k',
  policy: 'L',
  kl: 'D',
  beta: '\\beta',
  weight: 'w',
  answers: 'B',
  length: '|o|',
  tokens: 'N',
  parts: 'S',
  longest: 'T_{\\max}',
  share: '\\ell',
  push: 'p',
  entropy: 'H',
  entropyWeight: '\\gamma',
  affinity: 's_e',
  bias: 'b_e',
  chosen: '\\mathcal T',
  expertWeight: 'g_e',
  attendScore: 's_j',
  content: 'q^C\\!\\cdot k_j^C',
  position: 'q^R\\!\\cdot k_j^R',
  product: 'q\\cdot k_j',
  root: '\\sqrt d',
  attendScale: '\\lambda',
  attendWeight: 'a_j',
  attendTotal: '\\textstyle\\sum_i e^{s_i}',
} as const;

export type SymbolName = keyof typeof SYMBOLS;

export interface LiveSymbol {
  readonly name: SymbolName;
  /** As text; absent where it has no value of its own. */
  readonly value?: string;
}

/** A formula whose symbols can be pointed at. */
export interface LiveTex {
  readonly tex: string;
  readonly symbols: readonly LiveSymbol[];
}

/** The class of a symbol's places. */
export const classOf = (name: SymbolName) => `sym-${name}`;

/** The symbol, or a number in its place, marked as its own. */
export const mark = (name: SymbolName, tex: string = SYMBOLS[name]) => `\\htmlClass{${classOf(name)}}{${tex}}`;

/** Which symbol an element of a typeset formula belongs to: the innermost one around it. */
export function symbolAt(element: Element): SymbolName | undefined {
  const names = Object.keys(SYMBOLS) as SymbolName[];
  for (let at: Element | null = element; at; at = at.parentElement) {
    const classes = at.classList;
    const found = names.find((name) => classes.contains(classOf(name)));
    if (found) return found;
  }
  return undefined;
}

/** Rows, one under another, each after the first beginning with an equals sign. */
export const rows = (left: string, ...rights: readonly string[]) =>
  `\\begin{aligned}${left}&=${rights.join('\\\\[5pt]&=')}\\end{aligned}`;
