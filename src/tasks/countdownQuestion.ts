// The question of a countdown, `3,5,7=26?`: the numbers and the target.

const QUESTION = /^(\d{1,3}(?:,\d{1,3}){1,3})=(\d{1,4})\??$/;

/** The numbers and the target of a question; undefined if the text is none. */
export function readCountdown(question: string): { numbers: number[]; target: number } | undefined {
  const [, numbers, target] = QUESTION.exec(question) ?? [];
  return numbers && target ? { numbers: numbers.split(',').map(Number), target: Number(target) } : undefined;
}
