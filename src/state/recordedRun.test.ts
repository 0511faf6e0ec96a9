import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { EngineEvent } from '../protocol/protocol';
import type { RunRecording } from '../protocol/recording';
import { MODEL, madeUpBeforeAfter } from '../testing/madeUp';
import { runRecord } from '../testing/madeUpRun';
import { ok, openStubSession } from '../testing/stubEngine';
import { InspectStore } from './inspect';
import { RecordedRunStore } from './recordedRun';
import { RunStore } from './run';

const changed = (id = 'run-1'): EngineEvent => ({ type: 'runChanged', run: runRecord({ id }) });
const recording = {
  version: 2,
  kind: 'run',
  madeBy: { model: 'base', device: '', program: '', at: '' },
  events: [
    { atMs: 0, event: changed() },
    {
      atMs: 10,
      event: {
        type: 'stepFinished',
        runId: 'run-1',
        step: { step: 4, metrics: { reward: 1 } },
        groups: [],
        expertLoad: [],
      },
    },
  ],
  beforeAfter: madeUpBeforeAfter(2, 1),
} satisfies RunRecording;

async function openRecorded(options: { readonly found?: undefined; readonly isStill?: boolean } = {}) {
  const { session, preferences, emit } = await openStubSession({
    listRuns: async () => ok([]),
    modelInfo: async () => ok(MODEL),
    openRun: async (id) => ok({ run: runRecord({ id, status: 'paused' }), steps: [], isElsewhere: false }),
  });
  const runs = new RunStore({ session, preferences, inspect: new InspectStore(session) });
  const found = 'found' in options ? undefined : recording;
  const fetchRecording = vi.fn(async () => found as never);
  const recorded = new RecordedRunStore({ runs, fetchRecording, isStill: () => options.isStill ?? true });
  return { recorded, runs, emit, fetchRecording };
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('the recorded run', () => {
  it('plays where no run is open, ends as one that has finished, and is fetched once', async () => {
    const { recorded, runs, fetchRecording } = await openRecorded();
    await recorded.playRecordedRun();
    await recorded.playRecordedRun();
    expect(runs.useRun.getState()).toMatchObject({ origin: 'recorded', phase: 'finished', steps: [{ step: 4 }] });
    expect(runs.useShelf.getState().beforeAfter).toBe(recording.beforeAfter);
    expect(recorded.useRecordedRun.getState()).toMatchObject({
      recording,
      whole: { run: { step: 4, status: 'finished' } },
    });
    expect(fetchRecording).toHaveBeenCalledTimes(1);
  });

  it('takes its time where motion is wanted, and ends where it is left', async () => {
    const { recorded, runs } = await openRecorded({ isStill: false });
    const steps = () => runs.useRun.getState().steps.length;
    await recorded.playRecordedRun();
    expect(runs.useRun.getState()).toMatchObject({ origin: 'recorded', phase: 'sampling' });
    expect(steps()).toBe(0);
    await vi.advanceTimersByTimeAsync(10_000);
    runs.leaveRun();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(runs.useRun.getState().origin).toBe('none');
  });

  it('gives way to nothing that is open', async () => {
    const { recorded, runs, emit } = await openRecorded();
    emit(changed('run-9'));
    await recorded.playRecordedRun();
    expect(runs.useRun.getState()).toMatchObject({ origin: 'live', run: { id: 'run-9' } });
  });

  it('hears nothing of the engine while it plays, and is left for a run that is opened', async () => {
    const { recorded, runs, emit } = await openRecorded();
    await recorded.playRecordedRun();
    emit(changed('run-9'));
    expect(runs.useRun.getState().run?.id).toBe('run-1');
    await runs.openRun('run-9');
    expect(runs.useRun.getState()).toMatchObject({ origin: 'live', run: { id: 'run-9' } });
  });

  it('that is not there is no error', async () => {
    const { recorded, runs } = await openRecorded({ found: undefined });
    await recorded.playRecordedRun();
    expect(runs.useRun.getState().origin).toBe('none');
  });

  it('of the gallery plays in the place of the usual one, which can be played again', async () => {
    const { recorded, runs, fetchRecording } = await openRecorded();
    const other = { ...recording, madeBy: { ...recording.madeBy, model: 'other' } };
    fetchRecording.mockImplementation((async (name: string) =>
      name === 'gallery/hacked' ? other : recording) as never);
    await recorded.playRecordedRun();
    expect(await recorded.playFromGallery('hacked')).toBe(true);
    expect(recorded.useRecordedRun.getState().recording).toBe(other);
    expect(runs.useRun.getState().origin).toBe('recorded');
    await recorded.playRecordedRun();
    expect(recorded.useRecordedRun.getState().recording).toBe(recording);
  });

  it('of the gallery does not take the place of a run that trains, nor comes where it is missing', async () => {
    const { recorded, emit, fetchRecording } = await openRecorded();
    emit(changed('mine'));
    expect(await recorded.playFromGallery('hacked')).toBe(false);
    fetchRecording.mockImplementation((async () => undefined) as never);
    expect(await recorded.playFromGallery('absent')).toBe(false);
    expect(await recorded.fetchFromGallery(['absent'])).toEqual([]);
  });

  it('ends as it ended: one that failed has failed, and is laid over others as it went', async () => {
    const { recorded, runs, fetchRecording } = await openRecorded();
    const error = { code: 'wrecked_run', userMessage: 'Wrecked.', remedy: '' } as const;
    const events = [...recording.events, { atMs: 20, event: { type: 'runFailed', runId: 'run-1', error } }];
    fetchRecording.mockImplementation((async () => ({ ...recording, events })) as never);
    await recorded.playFromGallery('collapse');
    expect(runs.useRun.getState()).toMatchObject({ phase: 'failed', problem: error });
    expect(await recorded.fetchFromGallery(['collapse'])).toMatchObject([{ run: { step: 4, status: 'failed' } }]);
    await recorded.fetchFromGallery(['collapse']);
    expect(recorded.useRecordedRun.getState().others).toHaveLength(1);
  });
});
