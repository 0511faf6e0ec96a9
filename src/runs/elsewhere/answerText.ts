// A completion that is known as text alone, in pieces of one part each.
import {
  ANSWER_CLOSE,
  ANSWER_OPEN,
  opensThinking,
  parseCompletion,
  TAGS,
  THINK_CLOSE,
  THINK_OPEN,
} from '../../tasks/completion';
import type { RolloutMember, TokenPart } from '../run';

/** As long as a run file allows a piece to be. */
const MAX_PIECE = 1000;
const TAG = new RegExp(`(${TAGS.join('|')})`);
const AFTER: Readonly<Record<string, TokenPart>> = {
  [THINK_OPEN]: 'thinking',
  [THINK_CLOSE]: 'outside',
  [ANSWER_OPEN]: 'answer',
  [ANSWER_CLOSE]: 'outside',
};

/** A text in pieces that are short enough, cut between words where it has any. */
function shortPieces(text: string): string[] {
  const pieces: string[] = [];
  let start = 0;
  while (start < text.length) {
    const most = start + MAX_PIECE;
    const space = most < text.length ? text.lastIndexOf(' ', most - 1) : -1;
    // Not within a character of two units.
    const whole = /[\ud800-\udbff]/.test(text.charAt(most - 1)) ? most - 1 : most;
    const end = space > start + MAX_PIECE / 2 ? space + 1 : whole;
    pieces.push(text.slice(start, end));
    start = end;
  }
  return pieces;
}

/** Its pieces, whose log-probabilities are not known, and its answer. */
export function readAnswerText(prompt: string, text: string): Pick<RolloutMember, 'tokens' | 'answer'> {
  const isOpened = opensThinking(prompt);
  let part: TokenPart = isOpened ? 'thinking' : 'outside';
  const tokens: { text: string; part: TokenPart; logp: number }[] = [];
  for (const piece of text.split(TAG)) {
    const after = AFTER[piece];
    if (after !== undefined) {
      tokens.push({ text: piece, part: 'tag', logp: Number.NaN });
      part = after;
    } else {
      for (const short of shortPieces(piece)) tokens.push({ text: short, part, logp: Number.NaN });
    }
  }
  return { tokens, answer: parseCompletion(text, isOpened).answer };
}
