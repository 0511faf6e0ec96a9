// From a model card's Markdown to what the page shows of it: headings, tables, lists and paragraphs; all else stays text.

import { cardTags, MAX_CARD_LENGTH } from '../../lib/cardTags';

export type CardBlock =
  | { readonly kind: 'heading'; readonly text: string }
  | { readonly kind: 'paragraph'; readonly text: string }
  | { readonly kind: 'list'; readonly items: readonly string[] }
  | { readonly kind: 'table'; readonly rows: readonly (readonly string[])[] };

const cellsOf = (line: string) =>
  line
    .replace(/^\||\|$/g, '')
    .split('|')
    .map((cell) => cell.trim());

function blockOf(lines: readonly string[]): CardBlock {
  if (lines.every((line) => line.startsWith('|'))) {
    const rows = lines.map(cellsOf);
    const isEmpty = (cells: readonly string[]) => cells.every((cell) => cell === '' || /^:?-+:?$/.test(cell));
    return { kind: 'table', rows: rows.filter((cells) => !isEmpty(cells)) };
  }
  if (lines.every((line) => /^[-*] |^ {2}/.test(line))) {
    return {
      kind: 'list',
      items: lines
        .join('\n')
        .slice(2)
        .replace(/\n {2,}/g, ' ')
        .split(/\n[-*] /),
    };
  }
  return { kind: 'paragraph', text: lines.join(' ') };
}

/** The tasks that a model was trained on by its card; all of them where the card names none, or their mixture. */
export function tasksOfCard<T extends { readonly name: string }>(
  markdown: string | undefined,
  tasks: readonly T[],
): readonly T[] {
  const tags = cardTags(markdown ?? '');
  const named = tasks.filter(({ name }) => tags.includes(name));
  return named.length === 0 || tags.includes('mixture') ? tasks : named;
}

export interface CardResults {
  /** Share of held-out problems answered right. */
  readonly accuracy: number | undefined;
  readonly thinkingTokens: number | undefined;
}

/** What a card's table says that the model can do. */
export function resultsOfCard(markdown: string): CardResults {
  const rows = parseCard(markdown).flatMap((block) => (block.kind === 'table' ? block.rows : []));
  const find = (name: RegExp): number | undefined => {
    const value = Number.parseFloat(rows.find(([first = '']) => name.test(first))?.[1] ?? '');
    return Number.isFinite(value) ? value : undefined;
  };
  return { accuracy: find(/^accuracy\b/i), thinkingTokens: find(/^mean thinking tokens\b/i) };
}

/** The blocks of a card, its front matter left out. */
export function parseCard(markdown: string): CardBlock[] {
  const text = markdown
    .slice(0, MAX_CARD_LENGTH)
    .replaceAll('\r\n', '\n')
    .replace(/^---\n[\s\S]*?\n---(\n|$)/, '')
    // A heading is a block of its own even without an empty line after it.
    .replace(/^(#{1,6} .*)$/gm, '\n$1\n');
  const parts = text.split(/\n\s*\n/).map((part) => part.split('\n').filter((line) => line.trim() !== ''));
  return parts.flatMap((lines): CardBlock[] => {
    const [first] = lines;
    if (first === undefined) return [];
    return [/^#{1,6} /.test(first) ? { kind: 'heading', text: first.replace(/^#+ /, '') } : blockOf(lines)];
  });
}
