// Steps towards a program: the differences of the outputs, theirs, and the coefficients that follow. Each is written
// once, of the outputs of the question and of the results before it, as they were written.
import { isTrue, judgeAlone, readCalculation, valueOfResult } from './calculation';
import { exactly, isValue, type Standing, type Value } from './standing';

/** Outputs at 0, 1 and 2, then the results in the order of STEPS. */
type Known = readonly (Value | undefined)[];

interface Step {
  /** Places in what is known: left - right, or left / 2. */
  readonly left: number;
  readonly right: number | 'half';
}

const [F0, F1, F2, FIRST, SECOND, CHANGE, SQUARES] = [0, 1, 2, 3, 4, 5, 6];
const STEPS: readonly Step[] = [
  { left: F1, right: F0 },
  { left: F2, right: F1 },
  { left: SECOND, right: FIRST },
  // Only where the differences differ.
  { left: CHANGE, right: 'half' },
  { left: FIRST, right: SQUARES },
];
const LINEAR_STEPS = 3;

/** @param outputs at 0, 1 and 2. */
export function programStanding(outputs: readonly [number, number, number]): Standing {
  const [f0, f1, f2] = outputs;
  const needed = f2 - f1 === f1 - f0 ? LINEAR_STEPS : STEPS.length;
  return standingAt([...outputs.map((output) => exactly(BigInt(output))), ...STEPS.map(() => undefined)], needed);
}

function standingAt(known: Known, needed: number): Standing {
  const resultAt = (index: number) => index + F2 + 1;
  const standing: Standing = {
    missing: STEPS.filter((_, index) => index < needed && known[resultAt(index)] === undefined).length,
    follow(line) {
      const written = readCalculation(line);
      const index = STEPS.findIndex((step, i) => {
        if (!written || known[resultAt(i)] !== undefined) return false;
        const left = known[step.left];
        if (!left) return false;
        if (step.right === 'half') {
          return written.operator === '/' && isValue(left, written.left) && written.right === 2n;
        }
        const right = known[step.right];
        if (!right || !'+-'.includes(written.operator)) return false;
        const subtracted = written.operator === '-' ? written.right : -written.right;
        const isInOrder = isValue(left, written.left) && isValue(right, subtracted);
        return isInOrder || (isValue(right, -written.left) && isValue(left, -subtracted));
      });
      if (!written || index < 0) return { mark: judgeAlone(line), next: standing };
      const next = known.map((value, i) => (i === resultAt(index) ? valueOfResult(written) : value));
      return { mark: isTrue(written) ? 'right' : 'wrong', next: standingAt(next, needed) };
    },
  };
  return standing;
}
