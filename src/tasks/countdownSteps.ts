// Steps of a countdown: each takes two of the numbers that are there and leaves its result, and a search may begin anew. Only an
// attempt that reaches the target needs nothing more, so that dead ends, however many, are worth half of it at most; what comes after that attempt
// is idle.
import { isTrue, judgeAlone, readCalculation, valueOfResult } from './calculation';
import { exactly, type Standing, type Value, without } from './standing';

interface Search {
  readonly numbers: readonly Value[];
  readonly target: bigint;
  /** Right steps of earlier attempts, each as the lines of its attempt up to it. So many there can be, whatever is written. */
  readonly tried: ReadonlySet<string>;
  /** Right steps of the best attempt so far; of the first that reached the target. */
  readonly best: number;
  readonly isReached: boolean;
}

interface Attempt {
  readonly left: readonly Value[];
  /** Its lines up to the first slip. */
  readonly path: readonly string[];
  readonly done: number;
  /** Something in it is wrong: what it reaches, it does not. */
  readonly isTainted: boolean;
}

export function countdownStanding(numbers: readonly number[], target: number): Standing {
  const start = {
    numbers: numbers.map((number) => exactly(BigInt(number))),
    target: BigInt(target),
    tried: new Set<string>(),
    best: 0,
  };
  return begin({ ...start, isReached: false });
}

const begin = (search: Search): Standing =>
  standingAt(search, { left: search.numbers, path: [], done: 0, isTainted: false });

function standingAt(search: Search, attempt: Attempt): Standing {
  const { numbers, target, tried, best, isReached } = search;
  const standing: Standing = {
    done: best,
    missing: isReached ? 0 : numbers.length - 1,
    follow(line) {
      const step = readCalculation(line);
      const rest = step && without(attempt.left, [step.left, step.right]);
      if (!step || !rest) return { mark: judgeAlone(line), next: standing };
      const left = [valueOfResult(step), ...rest];
      const isTainted = attempt.isTainted || !isTrue(step);
      const path = isTainted ? attempt.path : [...attempt.path, line];
      const isRepeated = !isTainted && tried.has(path.join());
      const done = attempt.done + (isTrue(step) && !isRepeated ? 1 : 0);
      const isReachedNow = !isTainted && left.length === 1 && left[0]?.written === target;
      const found = {
        best: isReached ? best : isReachedNow ? done : Math.max(best, done),
        isReached: isReached || isReachedNow,
      };
      const mark = !isTrue(step) ? 'wrong' : isRepeated ? 'repeated' : 'right';
      const isIdle = isReached && mark === 'right';
      return { mark, isIdle, next: standingAt({ ...search, ...found }, { left, path, done, isTainted }) };
    },
    restart() {
      const steps = attempt.path.map((_, index) => attempt.path.slice(0, index + 1).join());
      const isNew = steps.some((step) => !tried.has(step));
      return begin(isNew ? { ...search, tried: new Set([...tried, ...steps]) } : search);
    },
  };
  return standing;
}
