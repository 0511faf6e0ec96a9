// Other spellings of what tasks write in ASCII, as keyboards and fonts of the world have them.
import fc from 'fast-check';

const OTHERS: Readonly<Record<string, readonly string[]>> = {
  '-': ['−', '‐', '–', '—', '－', '﹣'],
  '+': ['＋'],
  '*': ['×', '·', '⋅', '∗', '＊'],
  '/': ['÷', '⁄', '∕', '／'],
  '=': ['＝'],
  ',': ['，'],
  '(': ['（'],
  ')': ['）'],
};

const SPACES = ['', '', ' ', '\u00a0', '\u2009', '\u3000'];

/** The text in another spelling: each digit and sign as it may be written, spaces around signs. */
export function respelled(text: string): fc.Arbitrary<string> {
  const pieces = [...text].map((character) => {
    const signs = OTHERS[character];
    const digit = /\d/.test(character) ? [String.fromCodePoint(0xff10 + Number(character))] : [];
    const written = fc.constantFrom(character, ...(signs ?? digit));
    const space = signs === undefined ? fc.constant('') : fc.constantFrom(...SPACES);
    return fc.tuple(space, written, space).map((parts) => parts.join(''));
  });
  return fc.tuple(...pieces).map((parts) => parts.join(''));
}

/** The text with one character left out, put in, put in the place of another, or two that changed places. */
export function mutated(text: string, alphabet: string): fc.Arbitrary<string> {
  const characters = [...text];
  const place = fc.nat(characters.length);
  return fc
    .tuple(fc.constantFrom('drop', 'add', 'replace', 'swap'), place, fc.constantFrom(...alphabet))
    .map(([kind, at, other]) => {
      const before = characters.slice(0, at).join('');
      const [one = '', two = ''] = characters.slice(at, at + 2);
      const after = (count: number) => characters.slice(at + count).join('');
      if (kind === 'drop') return before + after(1);
      if (kind === 'add') return before + other + after(0);
      return kind === 'replace' ? before + other + after(1) : before + two + one + after(2);
    });
}
