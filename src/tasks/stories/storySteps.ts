// Steps of a story: its calculations in their order, each on the results as they were written.
import { isTrue, judgeAlone, readCalculation, valueOfResult } from '../calculation';
import { exactly, isValue, type Standing, type Value } from '../standing';
import type { StoryStep } from './story';

export const storyStanding = (steps: readonly StoryStep[]): Standing => standingAt(steps, undefined, undefined);

/** @param last result of the step before. @param before that of the step before it. */
function standingAt(steps: readonly StoryStep[], last: Value | undefined, before: Value | undefined): Standing {
  const [step, ...rest] = steps;
  const standing: Standing = {
    missing: steps.length,
    follow(line) {
      const written = readCalculation(line);
      if (!step || written?.operator !== step.operator) return { mark: judgeAlone(line), next: standing };
      const told = exactly(BigInt(step.right));
      const [left, right] = step.isOfBoth
        ? [before ?? exactly(BigInt(step.left)), last ?? told]
        : [last ?? exactly(BigInt(step.left)), told];
      const fits = (one: bigint, other: bigint) => isValue(left, one) && isValue(right, other);
      const isEither = step.operator === '+' || step.operator === '*';
      const isStep = fits(written.left, written.right) || (isEither && fits(written.right, written.left));
      if (!isStep) return { mark: judgeAlone(line), next: standing };
      return { mark: isTrue(written) ? 'right' : 'wrong', next: standingAt(rest, valueOfResult(written), last) };
    },
  };
  return standing;
}
