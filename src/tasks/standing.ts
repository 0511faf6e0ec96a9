// How thinking about a question stands, step by step: what is judged of a step, and what is there for the next one.

/**
 * What is said of a written step: it is true and follows from the question or an earlier step (`right`); it is false (`wrong`); it was written
 * before (`repeated`); it is true and follows from nothing (`unrelated`); it is nothing that can be checked (`unread`).
 */
export type StepMark = 'right' | 'wrong' | 'repeated' | 'unrelated' | 'unread';

export interface Followed {
  readonly mark: StepMark;
  /** A right step that the question does not need: it is padding, and a second one of its words a repetition. */
  readonly isIdle?: boolean;
  /** How it stands after the step. */
  readonly next: Standing;
}

/** Never changed: to take a step back is to go on from the standing before it. */
export interface Standing {
  /** Right steps that brought the end nearer, each of them once. */
  readonly done: number;
  /** Steps that are still needed. */
  readonly missing: number;
  /** @param line a step without its words and without spaces. */
  follow(line: string): Followed;
  /** Where a search begins anew; undefined where nothing is searched. */
  restart?(): Standing;
}

/** A number to go on with. After a slip it is two: what was written, and what would have been right. */
export interface Value {
  readonly written: bigint;
  readonly right: bigint;
}

export const exactly = (number: bigint): Value => ({ written: number, right: number });

export const isValue = ({ written, right }: Value, number: bigint): boolean => written === number || right === number;

/** The values without one for each number, slips last; undefined if one is not there. */
export function without(values: readonly Value[], numbers: readonly bigint[]): Value[] | undefined {
  const rest = [...values];
  for (const number of numbers) {
    const exact = rest.findIndex(({ written, right }) => written === number && right === number);
    const index = exact < 0 ? rest.findIndex((value) => isValue(value, number)) : exact;
    if (index < 0) return undefined;
    rest.splice(index, 1);
  }
  return rest;
}
