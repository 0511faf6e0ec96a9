// Steps of a sum. Its terms, with their signs, lie in a pool; a step takes some of them out and puts their sum in.
import { judgeAlone, readSum, totalOf } from './calculation';
import { exactly, isValue, type Standing, type StepMark, type Value, without } from './standing';

/** What is to be added up, and what the next step is expected to go on from. */
export interface Pool {
  readonly values: readonly Value[];
  readonly running: Value | undefined;
}

export interface PoolStep {
  readonly mark: StepMark;
  readonly pool: Pool;
}

/**
 * The step that a line is on the pool; undefined if it is none. A wrong result goes into the pool, too, so that what
 * follows from it follows. Where only the running number is there, the other one was misread: that follows from
 * nothing, and its result runs on.
 */
export function followSum({ values, running }: Pool, line: string): PoolStep | undefined {
  const sum = readSum(line);
  if (!sum) return undefined;
  const { terms, result: written } = sum;
  const result = { written, right: totalOf(terms) };
  const isTrue = result.right === written;
  const after = (left: readonly Value[]): Pool => ({ values: [result, ...left], running: result });
  const rest = without(values, terms);
  if (rest) return { mark: isTrue ? 'right' : 'wrong', pool: after(rest) };
  const [first = 0n] = terms;
  const others = running && isValue(running, first) ? values.filter((value) => value !== running) : undefined;
  return others && { mark: isTrue ? 'unrelated' : 'wrong', pool: after(others) };
}

/** @param terms with their signs. */
export function sumStanding(terms: readonly bigint[]): Standing {
  const values = terms.map(exactly);
  return standingAt({ values, running: values[0] });
}

function standingAt(pool: Pool): Standing {
  const standing: Standing = {
    missing: pool.values.length - 1,
    follow(line) {
      const step = followSum(pool, line);
      return step ? { mark: step.mark, next: standingAt(step.pool) } : { mark: judgeAlone(line), next: standing };
    },
  };
  return standing;
}
