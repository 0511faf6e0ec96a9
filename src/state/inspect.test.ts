import { describe, expect, it } from 'vitest';
import type { RolloutGroup } from '../worker/protocol';
import { findRollouts, withRollouts } from './inspect';

const groupsOf = (step: number): RolloutGroup[] => [
  { step, index: 0, question: '1+1=?', gold: '2', rewardMean: 0, rewardStd: 0, members: [] },
];
const kept = (steps: number[], maxSteps: number) =>
  steps.reduce<ReadonlyMap<number, readonly RolloutGroup[]>>(
    (map, step) => withRollouts(map, step, groupsOf(step), maxSteps),
    new Map(),
  );

describe('the rollouts at hand', () => {
  it('forget the step that came first when there are too many', () => {
    expect([...kept([1, 2, 3, 4], 3).keys()]).toEqual([2, 3, 4]);
    expect([...kept([1, 2, 1, 3, 4], 3).keys()]).toEqual([1, 3, 4]);
  });

  it('of a step that was not kept are those of the nearest step before it', () => {
    const rollouts = kept([1, 5, 9], 10);
    expect(findRollouts(rollouts, 7)?.[0]?.step).toBe(5);
    expect(findRollouts(rollouts, 9)?.[0]?.step).toBe(9);
    expect(findRollouts(rollouts, 0)).toBeUndefined();
  });
});
