// The text form used everywhere: question <think> … </think><answer> … </answer>

export const THINK_OPEN = '<think>';
export const THINK_CLOSE = '</think>';
export const ANSWER_OPEN = '<answer>';
export const ANSWER_CLOSE = '</answer>';

/** A completion taken apart. */
export interface Completion {
  readonly text: string;
  /** Text between the think tags; undefined if the tags are not there. */
  readonly thinking: string | undefined;
  /** Trimmed text between the answer tags; undefined if the tags are not there. */
  readonly answer: string | undefined;
  /** Exactly one think block followed by exactly one answer block and nothing else. */
  readonly wellFormed: boolean;
}

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

/** Takes a completion apart; never throws, whatever the text. */
export function parseCompletion(text: string): Completion {
  const thinking = between(text, THINK_OPEN, THINK_CLOSE);
  const answer = between(text, ANSWER_OPEN, ANSWER_CLOSE)?.trim();
  const wellFormed =
    thinking !== undefined &&
    answer !== undefined &&
    ![THINK_OPEN, THINK_CLOSE, ANSWER_OPEN, ANSWER_CLOSE].some((tag) => thinking.includes(tag) || answer.includes(tag)) &&
    text.trim() === `${THINK_OPEN}${thinking}${THINK_CLOSE}${text.slice(text.indexOf(ANSWER_OPEN))}`.trim() &&
    text.trim().endsWith(ANSWER_CLOSE) &&
    text.split(ANSWER_OPEN).length === 2 &&
    text.split(THINK_OPEN).length === 2;
  return { text, thinking, answer, wellFormed };
}
