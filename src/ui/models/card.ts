// What the page takes from a model card: its text without the front matter, the task it names, and what was measured.
import { cardFront, MAX_CARD_LENGTH } from '../../lib/cardTags';
import { type Block, parseMarkdown } from './markdown';

export interface CardResults {
  /** Share of held-out problems answered right, from 0 to 1. */
  readonly accuracy: number | undefined;
  /** On how many of them; undefined where the card does not say. */
  readonly problems: number | undefined;
  readonly thinkingTokens: number | undefined;
  /** At which the answers were sampled that this was measured on. */
  readonly temperature: number | undefined;
  /** The step at which these were measured, where the weights are of a later one. */
  readonly measuredAt: number | undefined;
  /** Steps of its training, as the card has them: `150`, `20 of 60`. */
  readonly steps: string | undefined;
  /** Name of the model that it was made from. */
  readonly baseModel: string | undefined;
}

/** `0.924`, `0.924 (0.898 to 0.944)` or `92.4 %` as a share; undefined where it is none. */
function shareOf(text: string): number | undefined {
  const value = Number.parseFloat(text) / (/^[\d.]+ ?%/.test(text) ? 100 : 1);
  return value >= 0 && value <= 1 ? value : undefined;
}

/** A YAML scalar as text. */
function unquoted(scalar: string): string {
  try {
    return scalar.startsWith('"') ? String(JSON.parse(scalar)) : scalar;
  } catch {
    return scalar;
  }
}

/** What a card says that the model can do, and what it was made from. */
export function resultsOfCard(markdown: string): CardResults {
  const blocks = parseCard(markdown);
  const rows = blocks.flatMap((block) =>
    block.kind === 'table' ? [...(block.head ? [block.head] : []), ...block.rows] : [],
  );
  const find = (name: RegExp) => rows.find(([first = '']) => name.test(first)) ?? [];
  const [accuracyName = '', accuracy = ''] = find(/^accuracy\b/i);
  const prose = blocks.flatMap((block) => (block.kind === 'paragraph' ? [block.text] : [])).join('\n');
  const count = /\bon ([\d,]+) problems/.exec(accuracyName) ?? /\bon ([\d,]+) held-out problems/i.exec(prose);
  const problems = Number(count?.[1]?.replaceAll(',', '') ?? 0);
  const thinkingTokens = Number.parseFloat(find(/^mean thinking tokens\b/i)[1] ?? '');
  const temperature = Number.parseFloat(/sampled at temperature ([\d.]+)/.exec(prose)?.[1] ?? '');
  const measuredAt = /, measured at step (\d+) of /.exec(accuracyName)?.[1];
  const base = /^(?:trained_from|base_model): *([^\s\n][^\n]{0,200})$/m.exec(cardFront(markdown))?.[1];
  return {
    accuracy: shareOf(accuracy),
    problems: problems > 0 ? problems : undefined,
    thinkingTokens: Number.isFinite(thinkingTokens) ? thinkingTokens : undefined,
    temperature: Number.isFinite(temperature) ? temperature : undefined,
    measuredAt: measuredAt === undefined ? undefined : Number(measuredAt),
    steps: find(/^steps$/i)[1],
    baseModel: base && unquoted(base),
  };
}

/** The blocks of a card, its front matter left out. */
export function parseCard(markdown: string): Block[] {
  const text = markdown.slice(0, MAX_CARD_LENGTH).replaceAll('\r\n', '\n');
  return parseMarkdown(text.replace(/^---\n[\s\S]*?\n---(\n|$)/, ''));
}
