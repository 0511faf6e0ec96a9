// Steps of a countdown: each takes two of the numbers that are there and leaves its result, and a search may begin
// anew. A step brings the end nearer if the target can still be reached after it: dead ends cost nothing and bring
// nothing. What comes after the target is reached is idle.
import { type Calculation, isTrue, judgeAlone, readCalculation, resultOf } from './calculation';
import { exactly, type Standing, take, type Value } from './standing';

interface Search {
  readonly numbers: readonly Value[];
  readonly target: bigint;
  /** Right steps of earlier attempts, each as the lines of its attempt up to it. So many there can be, whatever is written. */
  readonly tried: ReadonlySet<string>;
  /** Steps towards the target of the best attempt without a slip. */
  readonly best: number;
  readonly isReached: boolean;
}

interface Attempt {
  /** After a slip `right` is what would be there without any. */
  readonly left: readonly Value[];
  /** Its lines up to the first slip. */
  readonly path: readonly string[];
  /** Steps after which the target could be reached, slips put right. */
  readonly towards: number;
  readonly isDeadEnd: boolean;
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
  standingAt(search, { left: search.numbers, path: [], towards: 0, isDeadEnd: false, isTainted: false });

function standingAt(search: Search, attempt: Attempt): Standing {
  const { numbers, target, tried, best, isReached } = search;
  const standing: Standing = {
    missing: isReached ? 0 : numbers.length - 1 - Math.max(best, attempt.towards),
    follow(line) {
      const step = readCalculation(line);
      const taken = step && takeBoth(attempt.left, step);
      if (!taken) return { mark: judgeAlone(line), next: standing };
      const { result, rest } = taken;
      const holds = isTrue(step);
      const left = [{ written: step.result, right: result ?? step.result }, ...rest];
      const shouldBe = left.map(({ right }) => right);
      const isDeadEnd = attempt.isDeadEnd || result === undefined || !canReach(shouldBe, target);
      const isTainted = attempt.isTainted || !holds;
      const path = isTainted ? attempt.path : [...attempt.path, line];
      const towards = attempt.towards + (isDeadEnd ? 0 : 1);
      const isRepeated = !isTainted && tried.has(path.join());
      const isReachedNow = !isTainted && left.length === 1 && left[0]?.written === target;
      const found = { best: isTainted ? best : Math.max(best, towards), isReached: isReached || isReachedNow };
      const mark = !holds ? 'wrong' : isRepeated ? 'repeated' : 'right';
      const isIdle = isReached && mark === 'right';
      const next = { left, path, towards, isDeadEnd, isTainted };
      return { mark, isIdle, next: standingAt({ ...search, ...found }, next) };
    },
    restart() {
      const steps = attempt.path.map((_, index) => attempt.path.slice(0, index + 1).join());
      const isNew = steps.some((step) => !tried.has(step));
      return begin(isNew ? { ...search, tried: new Set([...tried, ...steps]) } : search);
    },
  };
  return standing;
}

/**
 * What the step comes to of the right values, if that is a whole number, and the values that are left; undefined if one
 * is not there.
 */
function takeBoth(values: readonly Value[], step: Calculation) {
  const left = take(values, step.left);
  const right = left && take(left.rest, step.right);
  return right && { result: resultOf({ ...step, left: left.taken.right, right: right.taken.right }), rest: right.rest };
}

/** Whether steps lead from all of the numbers to the target. Of at most four numbers: after a step there are three. */
function canReach(numbers: readonly bigint[], target: bigint): boolean {
  if (numbers.length === 1) return numbers[0] === target;
  return numbers.some((left, i) =>
    numbers.some((right, j) => {
      if (i === j) return false;
      const rest = numbers.filter((_, index) => index !== i && index !== j);
      return (['+', '-', '*', '/'] as const).some((operator) => {
        const result = resultOf({ left, operator, right, result: 0n });
        return result !== undefined && canReach([result, ...rest], target);
      });
    }),
  );
}
