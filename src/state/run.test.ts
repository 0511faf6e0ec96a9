import { describe, expect, it, vi } from 'vitest';
import type { BeforeAfter, EngineApi, EngineEvent, OpenedRun, Result, RunRecord } from '../protocol/protocol';
import { MODEL, madeUpBeforeAfter } from '../testing/madeUp';
import { runRecord } from '../testing/madeUpRun';
import { deferred, ok, openStubSession, refused, settle } from '../testing/stubEngine';
import { InspectStore } from './inspect';
import { RunStore } from './run';

const QUIET = { listRuns: async () => ok([]), modelInfo: async () => ok(MODEL) } satisfies Partial<EngineApi>;

async function openRuns(commands: Partial<EngineApi> = {}) {
  const stub = await openStubSession({ ...QUIET, ...commands });
  const { session, preferences } = stub;
  const inspect = new InspectStore(session);
  const runs = new RunStore({ session, inspect, preferences });
  const shelf = () => runs.useShelf.getState();
  const state = () => runs.useRun.getState();
  return { ...stub, inspect, runs, shelf, state };
}

const changed = (change: Partial<RunRecord> = {}): EngineEvent => ({ type: 'runChanged', run: runRecord(change) });
const opened = (change: Partial<OpenedRun> = {}): OpenedRun => ({
  run: runRecord({ status: 'paused' }),
  steps: [],
  isElsewhere: false,
  ...change,
});

describe('a command to a run', () => {
  it('waits for its answer, and changes the run by it', async () => {
    const answer = deferred<Result<RunRecord>>();
    const { runs, shelf, state, emit } = await openRuns({ pauseRun: () => answer.promise });
    emit(changed());
    const pause = runs.pauseRun();
    expect(shelf().pending).toBe('pause');
    answer.resolve(ok(runRecord({ status: 'paused' })));
    expect(await pause).toBe(true);
    expect(shelf().pending).toBeUndefined();
    expect(state().phase).toBe('paused');
  });

  it('that is refused leaves the run, and says why until the next one', async () => {
    const { runs, shelf, state, emit } = await openRuns({
      stopRun: async () => refused('stop'),
      resumeRun: async () => ok(runRecord()),
    });
    emit(changed({ status: 'paused' }));
    expect(await runs.stopRun()).toBe(false);
    expect(shelf().problem?.userMessage).toBe('No stop.');
    expect(state().phase).toBe('paused');
    await runs.resumeRun();
    expect(shelf().problem).toBeUndefined();
  });

  it('is not sent while another one is on its way', async () => {
    const answer = deferred<Result<RunRecord>>();
    const resumeRun = vi.fn(async () => ok(runRecord()));
    const { runs } = await openRuns({ pauseRun: () => answer.promise, resumeRun });
    const pause = runs.pauseRun();
    expect(await runs.resumeRun()).toBe(false);
    expect(resumeRun).not.toHaveBeenCalled();
    answer.resolve(ok(runRecord()));
    await pause;
  });

  it('by one key pauses what trains, resumes what is paused, and starts nothing', async () => {
    const pauseRun = vi.fn(async () => ok(runRecord({ status: 'paused' })));
    const resumeRun = vi.fn(async () => ok(runRecord()));
    const { runs, emit } = await openRuns({ pauseRun, resumeRun });
    const calls = () => [pauseRun.mock.calls.length, resumeRun.mock.calls.length];
    await runs.pauseOrResume();
    expect(calls()).toEqual([0, 0]);
    emit(changed());
    await runs.pauseOrResume();
    expect(calls()).toEqual([1, 0]);
    await runs.pauseOrResume();
    expect(calls()).toEqual([1, 1]);
  });
});

describe('a stored run', () => {
  it('is opened in the place of the one before, and gone on with if asked to', async () => {
    const { runs, state, inspect } = await openRuns({
      openRun: async () => ok(opened()),
      resumeRun: async () => ok(runRecord()),
    });
    inspect.focusOn(2);
    await runs.openRun('run-1');
    expect(state()).toMatchObject({ origin: 'live', phase: 'paused' });
    expect(inspect.useInspect.getState().focusStep).toBeUndefined();
    await runs.openRun('run-1', true);
    expect(state().run?.status).toBe('running');
  });

  it('that another tab has is looked at, not resumed', async () => {
    const resumeRun = vi.fn(async () => ok(runRecord()));
    const { runs, state } = await openRuns({ openRun: async () => ok(opened({ isElsewhere: true })), resumeRun });
    await runs.openRun('run-1', true);
    expect(state().origin).toBe('elsewhere');
    expect(resumeRun).not.toHaveBeenCalled();
  });

  it('says when it goes on from the checkpoint before its newest', async () => {
    const stored = { ...runRecord(), savedStep: 10, isElsewhere: false };
    const { runs, shelf } = await openRuns({
      listRuns: async () => ok([stored]),
      openRun: async () => ok(opened({ run: runRecord({ step: 5, status: 'paused' }) })),
    });
    await runs.refreshRuns();
    await runs.openRun('run-1');
    expect(shelf().steppedBack).toEqual({ from: 10, to: 5 });
  });

  it('that cannot be opened leaves what is open', async () => {
    const { runs, shelf, state, emit } = await openRuns({ openRun: async () => refused('checkpoint') });
    emit(changed());
    await runs.openRun('run-2');
    expect(shelf()).toMatchObject({ pending: undefined, problem: { userMessage: 'No checkpoint.' } });
    expect(state().run?.id).toBe('run-1');
  });

  it('is left when it is deleted', async () => {
    const { runs, state, emit } = await openRuns({ deleteRun: async () => ok(null) });
    emit(changed());
    await runs.deleteRun('run-2');
    expect(state().run?.id).toBe('run-1');
    await runs.deleteRun('run-1');
    expect(state().run).toBeUndefined();
  });
});

describe('a run that trains', () => {
  it('is saved when the page may go; one that rests is not', async () => {
    const saveRun = vi.fn(async () => {});
    const { runs, emit } = await openRuns({ saveRun });
    await runs.saveRunSoon();
    emit(changed({ status: 'paused' }));
    await runs.saveRunSoon();
    expect(saveRun).not.toHaveBeenCalled();
    emit(changed());
    await runs.saveRunSoon();
    expect(saveRun).toHaveBeenCalledTimes(1);
  });

  it('has the model read again when it comes to rest, and the list when it fails', async () => {
    const modelInfo = vi.fn(async () => ok(MODEL));
    const listRuns = vi.fn(async () => ok([]));
    const { emit } = await openRuns({ modelInfo, listRuns });
    emit(changed());
    expect(modelInfo).not.toHaveBeenCalled();
    emit(changed({ status: 'finished' }));
    expect(modelInfo).toHaveBeenCalledTimes(1);
    emit({ type: 'runFailed', runId: 'run-1', error: refused('luck').error });
    expect(listRuns).toHaveBeenCalledTimes(1);
  });

  it('keeps the rollouts of its steps at hand, not those of another run', async () => {
    const { emit, inspect } = await openRuns();
    const group = { step: 4, index: 0, question: '', gold: '', rewardMean: 0, rewardStd: 0, members: [] };
    const stepped = (runId: string, step: number): EngineEvent => ({
      type: 'stepFinished',
      runId,
      step: { step, metrics: {} },
      groups: [group],
      expertLoad: [],
    });
    emit(changed(), stepped('run-1', 4), stepped('run-2', 5));
    expect([...inspect.useInspect.getState().rollouts.keys()]).toEqual([4]);
  });

  it('comes back with a lost engine at its last checkpoint', async () => {
    const openRun = vi.fn(async () => ok(opened()));
    const { runs, emit, counts, state } = await openRuns({ openRun });
    emit(changed(), { type: 'deviceLost', error: refused('device').error });
    await runs.recover();
    expect(counts).toEqual({ started: 2, ended: 1 });
    expect(openRun).toHaveBeenCalledWith('run-1');
    expect(state().phase).toBe('paused');
  });
});

describe('another model', () => {
  const load = async (source: { kind: string }) => (source.kind === 'files' ? refused('config') : ok(MODEL));

  it('leaves the open run, and a shipped one opens next time', async () => {
    const { runs, emit, state, preferences } = await openRuns({ loadModel: load });
    emit(changed({ status: 'paused' }));
    await runs.loadAnotherModel({ kind: 'shipped', id: 'base' });
    expect(state().run).toBeUndefined();
    expect(preferences.usePreferences.getState().model).toBe('base');
  });

  it('that cannot be loaded leaves the run open', async () => {
    const { runs, emit, state } = await openRuns({ loadModel: load });
    emit(changed({ status: 'paused' }));
    await runs.loadAnotherModel({ kind: 'files', name: 'mine', files: [] });
    expect(state().run?.id).toBe('run-1');
  });
});

describe('before and after', () => {
  it('are asked for once, tell how far they are, and are shown', async () => {
    const answer = deferred<Result<BeforeAfter>>();
    const beforeAfter = vi.fn(() => answer.promise);
    const { runs, emit, shelf } = await openRuns({ beforeAfter });
    emit(changed({ status: 'paused' }));
    const compared = runs.compare(8, 1);
    void runs.compare(8, 1);
    expect(beforeAfter).toHaveBeenCalledTimes(1);
    emit({ type: 'comparisonProgressed', runId: 'run-2', done: 7, total: 16 });
    expect(shelf().comparing).toMatchObject({ done: 0 });
    emit({ type: 'comparisonProgressed', runId: 'run-1', done: 4, total: 16 });
    expect(shelf().comparing).toEqual({ runId: 'run-1', done: 4, total: 16 });
    answer.resolve(ok(madeUpBeforeAfter(8, 1)));
    await compared;
    expect(shelf()).toMatchObject({ comparing: undefined, beforeAfter: { pairs: { length: 8 } } });
  });

  it('of a run that was left meanwhile are not shown beside the next', async () => {
    const answer = deferred<Result<BeforeAfter>>();
    const { runs, emit, shelf } = await openRuns({ beforeAfter: () => answer.promise });
    emit(changed({ status: 'paused' }));
    const compared = runs.compare(8, 1);
    runs.leaveRun();
    answer.resolve(ok(madeUpBeforeAfter(8, 1)));
    await compared;
    expect(shelf().beforeAfter).toBeUndefined();
  });

  it('that fail say why', async () => {
    const { runs, emit, shelf } = await openRuns({ beforeAfter: async () => refused('time') });
    emit(changed({ status: 'paused' }));
    await runs.compare(8, 1);
    expect(shelf()).toMatchObject({ comparing: undefined, compareProblem: { userMessage: 'No time.' } });
  });
});

describe('the draft', () => {
  it('is kept with the preferences, and is the first preset’s until then', async () => {
    const { runs, session, preferences } = await openRuns();
    await settle();
    const { catalogue } = session.useSession.getState();
    const draft = runs.currentDraft(catalogue);
    expect(draft).toMatchObject({ task: 'chained_sums', preset: 'R1-Zero' });
    if (draft) runs.setDraft({ ...draft, evalProblems: 5 });
    expect(preferences.usePreferences.getState().draft?.evalProblems).toBe(5);
    expect(runs.currentDraft(catalogue)?.evalProblems).toBe(5);
    if (draft) runs.setDraft({ ...draft, task: 'no longer there' });
    expect(runs.currentDraft(catalogue)?.task).toBe('chained_sums');
  });
});
