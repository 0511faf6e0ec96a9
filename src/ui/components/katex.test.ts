import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { buildFormula } from './katex';
import { toTex } from './typeset';

/** The longest text between dollar signs that is typeset. */
const MOST = 398;
/** A formula may block the page for so long. */
const MOST_MS = 50;

const nest = (wrap: string) => {
  let tex = 'x';
  for (let next = tex; next.length <= MOST; next = wrap.replaceAll('@', () => tex)) tex = next;
  return tex;
};
const repeat = (part: string) => part.repeat(Math.floor(MOST / part.length));

const DEFINITIONS = {
  def: `\\def\\a{${'x'.repeat(200)}}${'\\a'.repeat(90)}`,
  gdef: `\\gdef\\a{${'x'.repeat(200)}}${'\\a'.repeat(90)}`,
  global: `\\global\\def\\a{${'x'.repeat(200)}}${'\\a'.repeat(80)}`,
  long: `\\long\\def\\a#1{${'#1'.repeat(90)}}${'\\a{xxxxx}'.repeat(20)}`,
  edef: `\\def\\a{xxxx}${'\\edef\\a{\\a\\a}'.repeat(24)}\\a`,
  xdef: `\\xdef\\a{xxxx}${'\\xdef\\a{\\a\\a}'.repeat(24)}\\a`,
  let: `\\newcommand{\\a}{${'x'.repeat(150)}}\\let\\b\\a${'\\b'.repeat(90)}`,
  newcommand: `\\newcommand{\\a}{${'x'.repeat(200)}}${'\\a'.repeat(80)}`,
  renewcommand: `\\renewcommand{\\vec}{${'x'.repeat(200)}}${'\\vec'.repeat(40)}`,
  providecommand: `\\providecommand{\\a}{${'x'.repeat(200)}}${'\\a'.repeat(80)}`,
  arguments: `\\def\\a#1{#1#1#1#1}${'\\a{'.repeat(60)}x${'}'.repeat(60)}`,
  itself: '\\def\\a{\\a\\a}\\a',
};

const BOMBS = {
  ...DEFINITIONS,
  roots: nest('\\sqrt{@}'),
  fractions: nest('\\frac{@}{2}'),
  brackets: nest('\\left(@\\right)'),
  exponents: nest('2^{@}'),
  both: nest('{@}_2^2'),
  moduli: nest('\\pmod{@}'),
  accents: nest('\\hat{@}^2'),
  braces: nest('\\underbrace{@}_2'),
  texts: nest('\\text{@}'),
  matrices: nest('\\begin{matrix}@\\end{matrix}'),
  groups: `${'{'.repeat(199)}${'}'.repeat(199)}`,
  cells: `\\begin{matrix}${'&'.repeat(370)}\\end{matrix}`,
  rows: `\\left(\\begin{matrix}${'\\\\[9em]'.repeat(50)}\\end{matrix}\\right)`,
  arrows: repeat('\\xrightarrow{x}'),
  rules: repeat('\\rule{1e6em}{1e6em}'),
  sums: repeat('\\sum_a^b'),
  primes: repeat("'"),
  letters: repeat('x'),
};

describe('a formula', () => {
  it.each(Object.entries(BOMBS))('takes a fraction of a frame, whatever it says: %s', (_, tex) => {
    expect(toTex(`$${tex}$`)).toBe(tex);
    let bestMs = Infinity;
    for (let attempt = 0; attempt < 3 && bestMs > MOST_MS; attempt++) {
      const start = process.cpuUsage();
      buildFormula(tex);
      bestMs = Math.min(bestMs, process.cpuUsage(start).user / 1000);
    }
    expect(bestMs).toBeLessThan(MOST_MS);
  });

  it.each(Object.entries(DEFINITIONS))('defines nothing: %s', (_, tex) => {
    expect(buildFormula(tex)).toBeUndefined();
  });

  it.each(['\\vec{x}', '\\oiint x', '\\pmb{x}', '\\fcolorbox{red}{blue}{x}', 'x}'])(
    'has no style attribute, which the policy of the page would refuse: %s',
    (tex) => {
      const namesOf = (formula: ReturnType<typeof buildFormula>): string[] =>
        formula ? [...Object.keys(formula.attributes ?? {}), ...(formula.children ?? []).flatMap(namesOf)] : [];
      const names = namesOf(buildFormula(tex));
      expect(names).toContain('data-style');
      expect(names).not.toContain('style');
    },
  );

  it('never throws', () => {
    const part = fc.constantFrom(
      ...[
        '\\frac',
        '\\sqrt',
        '{',
        '}',
        '^',
        '_',
        '&',
        '\\\\',
        '\\left(',
        '\\right)',
        '#1',
        '\\def',
        '\\a',
        'x',
        '$',
        '%',
        '\\begin{matrix}',
        '\\end{matrix}',
        '\\text',
        '\\char',
        '\\verb|',
        '🙂',
        '\\hat',
        '[',
        ']',
        '\\tag',
        '\\url',
        '\\href',
      ],
    );
    fc.assert(fc.property(fc.array(part, { maxLength: 40 }), (parts) => void buildFormula(parts.join(''))));
  });
});
