import { describe, expect, test } from 'vitest';
import type { Result, StepMetrics } from '../protocol/protocol';
import { runRecord } from '../testing/madeUpRun';
import { deferred, ok, openStubSession, refused } from '../testing/stubEngine';
import { ComparisonStore, comparedRuns, MAX_COMPARED, withToggled } from './comparison';

describe('choosing runs to compare', () => {
  test('a run keeps its place when another goes, and the next takes the free one', () => {
    const three = ['a', 'b', 'c'].reduce<readonly (string | undefined)[]>(withToggled, []);
    const two = withToggled(three, 'b');
    expect(two).toEqual(['a', undefined, 'c']);
    expect(withToggled(two, 'd')).toEqual(['a', 'd', 'c']);
  });

  test('no more runs fit than can be told apart', () => {
    const ids = Array.from({ length: MAX_COMPARED + 1 }, (_, i) => `run-${i}`);
    expect(ids.reduce<readonly (string | undefined)[]>(withToggled, [])).toEqual(ids.slice(0, MAX_COMPARED));
  });
});

const steps: readonly StepMetrics[] = [{ step: 1, metrics: { reward: 1 } }];

describe('runs laid over one another', () => {
  test('are read from the engine, and taken away again', async () => {
    const { session } = await openStubSession({ runSteps: async () => ok(steps) });
    const store = new ComparisonStore(session);
    const run = runRecord();
    await store.toggleCompared(run);
    expect(comparedRuns(store.useComparison.getState(), { run: undefined, steps: [] })).toEqual([{ run, steps }]);
    await store.toggleCompared(run);
    expect(comparedRuns(store.useComparison.getState(), { run: undefined, steps: [] })).toEqual([undefined]);
  });

  test('grow with the open run', async () => {
    const { session } = await openStubSession({ runSteps: async () => ok([]) });
    const store = new ComparisonStore(session);
    await store.toggleCompared(runRecord({ step: 0 }));
    const open = { run: runRecord({ step: 1 }), steps };
    expect(comparedRuns(store.useComparison.getState(), open)).toEqual([open]);
  });

  test('need no engine where their steps are at hand', async () => {
    const { session } = await openStubSession();
    const store = new ComparisonStore(session);
    const run = runRecord();
    store.compareAtHand({ run, steps });
    expect(comparedRuns(store.useComparison.getState(), { run: undefined, steps: [] })).toEqual([{ run, steps }]);
  });

  test('lose only the one that cannot be read, whatever was chosen meanwhile', async () => {
    const answer = deferred<Result<readonly StepMetrics[]>>();
    const { session } = await openStubSession({
      runSteps: (id) => (id === 'run-1' ? answer.promise : Promise.resolve(ok(steps))),
    });
    const store = new ComparisonStore(session);
    const first = store.toggleCompared(runRecord());
    await store.toggleCompared(runRecord({ id: 'run-2' }));
    answer.resolve(refused('metrics'));
    await first;
    expect(store.useComparison.getState()).toMatchObject({
      chosen: [undefined, 'run-2'],
      problem: { userMessage: 'No metrics.' },
    });
  });
});
