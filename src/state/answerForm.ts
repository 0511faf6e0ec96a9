// In what an ended answer departs from its form, `<think> … </think><answer> … </answer>` and nothing else, read off
// its tags. A tag is a token of its own: one that is spelled out in letters is text.
import type { AnswerSummary, StreamedToken } from '../protocol/protocol';

export type Fault =
  /** No `<think>`, so that what it thought stands outside. */
  | 'thinkingNotOpened'
  | 'thinkingNotClosed'
  | 'thinkingTwice'
  | 'answerNotOpened'
  | 'answerNotClosed'
  | 'answerTwice'
  /** The answer before the thinking, or a closing tag before its opening one. */
  | 'outOfOrder'
  /** Text before, between or after the two blocks. */
  | 'textOutside'
  /** The limit came before its end. */
  | 'cutOff';

/** Text outside the tags is shown with the thinking. */
export const isOfThinking = (fault: Fault) => fault.startsWith('thinking') || fault === 'textOutside';

const TAGS = ['<think>', '</think>', '<answer>', '</answer>'];

/** Where the prompt opens it, the first token is thinking already. */
export function isThinkingOpened(tokens: readonly StreamedToken[]): boolean {
  return tokens[0]?.part === 'thinking' || tokens.some(({ part, text }) => part === 'tag' && text === '<think>');
}

/** The faults of an answer that has ended; none where it was stopped by hand, which is no fault of its own. */
export function faultsOf(tokens: readonly StreamedToken[], { stopReason }: Pick<AnswerSummary, 'stopReason'>): Fault[] {
  if (stopReason === 'stopped') return [];
  const tags = tokens.flatMap(({ part, text }) => (part === 'tag' && TAGS.includes(text) ? [text] : []));
  const count = (tag: string) => tags.filter((other) => other === tag).length;
  const [thinkOpen = 0, thinkClose = 0, answerOpen = 0, answerClose = 0] = TAGS.map(count);
  const isCut = stopReason === 'length';
  const isOpened = isThinkingOpened(tokens);
  const found: readonly (readonly [Fault, boolean])[] = [
    ['thinkingNotOpened', !isOpened],
    // Cut off in the midst of thinking, it had no chance to close it.
    ['thinkingNotClosed', thinkOpen > 0 && thinkClose === 0 && !(isCut && answerOpen === 0)],
    ['thinkingTwice', thinkOpen > 1 || thinkClose > 1],
    ['answerNotOpened', answerOpen === 0 && !isCut],
    ['answerNotClosed', answerOpen > 0 && answerClose === 0 && !isCut],
    ['answerTwice', answerOpen > 1 || answerClose > 1],
    // Of thinking that was never opened, that is the fault.
    ['textOutside', isOpened && tokens.some(({ part, text }) => part === 'outside' && text.trim() !== '')],
    ['cutOff', isCut],
  ];
  const faults = found.flatMap(([fault, isSo]) => (isSo ? [fault] : []));
  const first = [...new Set(tags)];
  const isInOrder = first.every((tag, i) => i === 0 || TAGS.indexOf(tag) > TAGS.indexOf(first[i - 1] as string));
  return isInOrder ? faults : [...faults, 'outOfOrder'];
}
