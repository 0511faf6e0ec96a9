import { describe, expect, it, vi } from 'vitest';
import type { EngineApi, RolloutGroup } from '../protocol/protocol';
import { ok, openStubSession, refused } from '../testing/stubEngine';
import { findRollouts, InspectStore, withRollouts } from './inspect';

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

describe('what the reader looks at', () => {
  async function openInspect(rollouts: EngineApi['rollouts']) {
    const { session } = await openStubSession({ rollouts });
    const inspect = new InspectStore(session);
    return { inspect, state: () => inspect.useInspect.getState() };
  }

  it('is read from the engine once', async () => {
    const rollouts = vi.fn<EngineApi['rollouts']>(async (_, step) => ok(groupsOf(step)));
    const { inspect, state } = await openInspect(rollouts);
    await inspect.readRollouts('run-1', 3);
    await inspect.readRollouts('run-1', 3);
    expect(rollouts).toHaveBeenCalledTimes(1);
    expect(state().rollouts.get(3)).toEqual(groupsOf(3));
  });

  it('says why it cannot be read, until another step is looked at', async () => {
    const { inspect, state } = await openInspect(async () => refused('rollouts'));
    await inspect.readRollouts('run-1', 3);
    expect(state().problem?.userMessage).toBe('No rollouts.');
    inspect.focusOn(4);
    expect(state()).toMatchObject({ focusStep: 4, problem: undefined });
  });

  it('is bounded for a run that trains, and whole for a recording', async () => {
    const { inspect, state } = await openInspect(async () => refused('rollouts'));
    for (let step = 1; step <= 40; step++) inspect.keepRollouts(step, groupsOf(step), false);
    expect(state().rollouts.size).toBeLessThan(40);
    expect(state().rollouts.has(40)).toBe(true);
    inspect.resetInspect();
    for (let step = 1; step <= 40; step++) inspect.keepRollouts(step, groupsOf(step), true);
    expect(state().rollouts.size).toBe(40);
  });

  it('is forgotten for another run', async () => {
    const { inspect, state } = await openInspect(async () => refused('rollouts'));
    inspect.keepRollouts(1, groupsOf(1), false);
    inspect.focusOn(1);
    inspect.hoverOver(1);
    inspect.chooseGroup(2);
    expect(state()).toMatchObject({ focusStep: 1, hoverStep: 1, groupIndex: 2 });
    inspect.resetInspect();
    expect(state()).toMatchObject({ focusStep: undefined, hoverStep: undefined, groupIndex: 0, rollouts: new Map() });
  });
});
