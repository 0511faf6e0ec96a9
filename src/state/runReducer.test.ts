import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { grpoConfig } from '../protocol/options';
import type { RunRecord } from '../protocol/protocol';
import { isOpenRun, isTraining, noRun, type RunEvent, type RunState, reduceRun } from './runReducer';

const record = (id: string, status: RunRecord['status'] = 'running', step = 0): RunRecord => ({
  id,
  name: 'calm-otter-7',
  createdAt: '2026-11-23T10:00:00Z',
  baseModel: 'base',
  parents: [],
  settings: {
    task: 'chained_sums',
    difficulty: {},
    preset: 'R1-Zero',
    config: grpoConfig(),
    evalProblems: 64,
    evalEvery: 10,
    checkpointEvery: 10,
  },
  step,
  status,
});
const changed = (run: RunRecord): RunEvent => ({ type: 'runChanged', run });
const stepped = (runId: string, step: number): RunEvent => ({
  type: 'stepFinished',
  runId,
  step: { step, metrics: { reward: step / 10 } },
  groups: [],
  expertLoad: [],
});
const play = (...events: RunEvent[]) => events.reduce(reduceRun, noRun);

describe('a run', () => {
  it('is training from its record on, and at rest once paused', () => {
    const running = play(changed(record('a')));
    expect(isTraining(running)).toBe(true);
    const paused = reduceRun(running, changed(record('a', 'paused', 3)));
    expect(isTraining(paused)).toBe(false);
    expect(isOpenRun(paused)).toBe(true);
  });

  it('keeps its steps when its record changes, and starts empty for another run', () => {
    const state = play(changed(record('a')), stepped('a', 1), stepped('a', 2), changed(record('a', 'paused', 2)));
    expect(state.steps.map((s) => s.step)).toEqual([1, 2]);
    expect(reduceRun(state, changed(record('b'))).steps).toEqual([]);
  });

  it('replaces the steps that are taken again after a resume from an earlier checkpoint', () => {
    const state = play(changed(record('a')), stepped('a', 1), stepped('a', 2), stepped('a', 3), stepped('a', 2));
    expect(state.steps.map((s) => s.step)).toEqual([1, 2]);
  });

  it('ignores the steps and phases of another run', () => {
    const state = play(changed(record('a')));
    expect(reduceRun(state, stepped('b', 1))).toBe(state);
    expect(reduceRun(state, { type: 'phaseChanged', runId: 'b', phase: 'saving', done: 0, total: 1 })).toBe(state);
  });

  it('a stored run opens with its steps, and is saved up to its step', () => {
    const steps = [{ step: 1, metrics: {} }];
    const state = play(
      { type: 'recordingOpened' },
      { type: 'runOpened', run: record('a', 'paused', 2), steps, isElsewhere: false, olderStep: 1 },
    );
    expect(state).toMatchObject({ origin: 'live', phase: 'paused', savedStep: 2, olderStep: 1, steps });
  });

  it('that another tab has is looked at: never training here, never open', () => {
    const run = record('a', 'running', 2);
    const state = play({ type: 'runOpened', run, steps: [{ step: 2, metrics: {} }], isElsewhere: true });
    expect(state).toMatchObject({ origin: 'elsewhere', run });
    expect(isTraining(state)).toBe(false);
    expect(isOpenRun(state)).toBe(false);
    expect(reduceRun(state, changed(record('b')))).toMatchObject({ origin: 'live', steps: [] });
  });

  it('a recorded run never counts as training', () => {
    const state = play({ type: 'recordingOpened' }, changed(record('a')), stepped('a', 1));
    expect(state.origin).toBe('recorded');
    expect(isTraining(state)).toBe(false);
    expect(isOpenRun(state)).toBe(false);
  });

  it('fails with the reason when the device is lost while it trains, and not when it rests', () => {
    const error = { code: 'device_lost', userMessage: 'The GPU went away.', remedy: 'Reconnect.' } as const;
    expect(play(changed(record('a')), { type: 'deviceLost', error })).toMatchObject({
      phase: 'failed',
      problem: error,
    });
    const paused = play(changed(record('a', 'paused')));
    expect(reduceRun(paused, { type: 'deviceLost', error })).toBe(paused);
  });
});

const ACTIVITIES = ['sampling', 'scoring', 'updating', 'evaluating', 'saving'] as const;
const STATUSES = ['running', 'paused', 'finished', 'failed'] as const;
const error = { code: 'device_lost', userMessage: 'The GPU went away.', remedy: 'Reconnect.' } as const;
const at = (phase: (typeof ACTIVITIES)[number], runId = 'a'): RunEvent => ({
  type: 'phaseChanged',
  runId,
  phase,
  done: 3,
  total: 64,
});

/** Everything the engine and the page can tell of run a, and of another. */
const anyEvent: fc.Arbitrary<RunEvent> = fc.oneof(
  fc.constantFrom(...STATUSES).map((status) => changed(record('a', status))),
  fc.constantFrom(...ACTIVITIES).map((phase) => at(phase)),
  fc.constantFrom(...ACTIVITIES).map((phase) => at(phase, 'b')),
  fc.integer({ min: 0, max: 9 }).map((step) => stepped('a', step)),
  fc.constant<RunEvent>({ type: 'comparisonProgressed', runId: 'a', done: 64, total: 128 }),
  fc.constantFrom<RunEvent>(
    changed(record('b', 'running')),
    { type: 'checkpointSaved', runId: 'a', step: 2 },
    { type: 'runFailed', runId: 'a', error },
    { type: 'deviceLost', error },
    { type: 'runClosed' },
    { type: 'recordingOpened' },
    { type: 'runOpened', run: record('a', 'paused', 2), steps: [], isElsewhere: false },
    { type: 'runOpened', run: record('a', 'running', 2), steps: [], isElsewhere: true },
  ),
);

describe('how a run rests', () => {
  it.each(['paused', 'finished', 'failed'] as const)('%s: no activity told afterwards wakes it', (status) => {
    const resting = play(changed(record('a')), at('sampling'), changed(record('a', status, 3)));
    for (const phase of ACTIVITIES) {
      const told = reduceRun(resting, at(phase));
      expect(told).toMatchObject({ phase: status, done: 0, total: 0 });
      expect(isTraining(told)).toBe(false);
      expect(isOpenRun(told)).toBe(status === 'paused');
    }
  });

  it('a comparison leaves it as it was, whether it rests or trains', () => {
    for (const status of STATUSES) {
      const before = play(changed(record('a')), at('updating'), changed(record('a', status, 3)));
      const progress: RunEvent = { type: 'comparisonProgressed', runId: 'a', done: 128, total: 128 };
      expect(reduceRun(before, progress)).toBe(before);
    }
  });

  it.each(STATUSES)('from %s each status follows by its record alone', (from) => {
    for (const to of STATUSES) {
      const state = play(changed(record('a')), changed(record('a', from)), changed(record('a', to)));
      expect(isTraining(state)).toBe(to === 'running');
      expect(isOpenRun(state)).toBe(to === 'running' || to === 'paused');
    }
  });

  it('is said by its record alone after any events: it acts exactly while it runs', () => {
    const consistent = ({ phase, run, origin }: RunState) => {
      if (run === undefined) return phase === 'ready';
      const isActing = ACTIVITIES.some((activity) => activity === phase);
      return run.status === 'running' ? isActing : phase === run.status && origin !== 'none';
    };
    fc.assert(
      fc.property(fc.array(anyEvent, { maxLength: 20 }), (events) => {
        const state = play(...events);
        expect(consistent(state)).toBe(true);
        expect(isTraining(state)).toBe(state.origin === 'live' && state.run?.status === 'running');
      }),
      { numRuns: 2000 },
    );
  });

  it('with the reason why it failed, which any other status takes away', () => {
    const broken = play(changed(record('a')), at('updating'), { type: 'runFailed', runId: 'a', error });
    expect(broken).toMatchObject({ phase: 'failed', problem: error, run: { status: 'failed' } });
    expect(reduceRun(broken, changed(record('a', 'paused'))).problem).toBeUndefined();
  });
});
