// The text form used everywhere: question <think> … </think><answer> … </answer>

export const THINK_OPEN = '<think>';
export const THINK_CLOSE = '</think>';
export const ANSWER_OPEN = '<answer>';
export const ANSWER_CLOSE = '</answer>';

/** The four tags in the order in which a completion has them. */
export const TAGS = [THINK_OPEN, THINK_CLOSE, ANSWER_OPEN, ANSWER_CLOSE] as const;

/** A completion taken apart. */
export interface Completion {
  readonly text: string;
  /** Text between the first think tags; undefined if the tags are not there. */
  readonly thinking: string | undefined;
  /** Trimmed text between the first answer tags after the thinking; undefined if the tags are not there. */
  readonly answer: string | undefined;
  /** Exactly one think block followed by exactly one answer block and nothing else but white space around them. */
  readonly wellFormed: boolean;
}

const UNTAGGED = '(?:(?!</?(?:think|answer)>).)*';
const WELL_FORMED = new RegExp(`^\\s*<think>${UNTAGGED}</think>\\s*<answer>${UNTAGGED}</answer>\\s*$`, 's');

/** Writes a completion. */
export function formatCompletion(thinking: string, answer: string): string {
  return `${THINK_OPEN}${thinking}${THINK_CLOSE}${ANSWER_OPEN}${answer}${ANSWER_CLOSE}`;
}

function between(text: string, open: string, close: string): string | undefined {
  const start = text.indexOf(open);
  if (start < 0) return undefined;
  const end = text.indexOf(close, start + open.length);
  return end < 0 ? undefined : text.slice(start + open.length, end);
}

/** Whether a prompt opens a thought that it does not close, as the templates of some models do: what follows is thinking. */
export function opensThinking(prompt: string): boolean {
  return prompt.lastIndexOf(THINK_OPEN) > prompt.lastIndexOf(THINK_CLOSE);
}

/**
 * Takes a completion apart; never throws, whatever the text. @param isOpened whether its prompt has opened the thought:
 * then the tag counts as the completion's own.
 */
export function parseCompletion(written: string, isOpened = false): Completion {
  const text = isOpened ? THINK_OPEN + written : written;
  const thinking = between(text, THINK_OPEN, THINK_CLOSE);
  const rest = thinking === undefined ? text : text.slice(text.indexOf(THINK_CLOSE, text.indexOf(THINK_OPEN)));
  const answer = between(rest, ANSWER_OPEN, ANSWER_CLOSE)?.trim();
  return { text, thinking, answer, wellFormed: WELL_FORMED.test(text) };
}
