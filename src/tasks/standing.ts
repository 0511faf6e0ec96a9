// How thinking about a question stands, step by step: what is judged of a step, and what is there for the next one.

/**
 * What is said of a written step: it is true and follows from the question or an earlier step (`right`); it is false
 * (`wrong`); it was written before (`repeated`); it is true and follows from nothing (`unrelated`); it is nothing that
 * can be checked (`unread`).
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

/** The value that is the number, slips last, and the others; undefined if it is not there. */
export function take(
  values: readonly Value[],
  number: bigint,
): { readonly taken: Value; readonly rest: Value[] } | undefined {
  const taken =
    values.find(({ written, right }) => written === number && right === number) ??
    values.find((value) => isValue(value, number));
  if (taken === undefined) return undefined;
  const index = values.indexOf(taken);
  return { taken, rest: values.filter((_, other) => other !== index) };
}

/** The values without one for each number; undefined if one is not there. */
export function without(values: readonly Value[], numbers: readonly bigint[]): readonly Value[] | undefined {
  return numbers.reduce<readonly Value[] | undefined>((rest, number) => rest && take(rest, number)?.rest, values);
}
