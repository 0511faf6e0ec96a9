import { describe, expect, it, vi } from 'vitest';
import type { EngineApi, Result, StartTrial } from '../protocol/protocol';
import { CATALOGUE, MODEL } from '../testing/madeUp';
import { runRecord, SETTINGS } from '../testing/madeUpRun';
import { deferred, ok, openStubSession, refused, settle } from '../testing/stubEngine';
import { InspectStore } from './inspect';
import { RunStore } from './run';
import { RunStarter } from './startRun';

/** Sums are what the shipped models know; this is not. */
const FOREIGN = { ...SETTINGS, task: 'countdown' };

async function openStarter(commands: Partial<EngineApi> = {}, { isInvalid = false } = {}) {
  const startRun = vi.fn<EngineApi['startRun']>(async (_, paused) =>
    ok(runRecord({ step: 0, status: paused ? 'paused' : 'running' })),
  );
  const tryStart = vi.fn<EngineApi['tryStart']>(async () => ok({ problems: 16, right: 0 }));
  const stepRun = vi.fn<EngineApi['stepRun']>(async () => ok(runRecord({ step: 1, status: 'paused' })));
  const loadModel = vi.fn<EngineApi['loadModel']>(async (source) =>
    ok({ ...MODEL, name: source.kind === 'shipped' ? source.id : 'mine' }),
  );
  const engine = { open: async () => ok(CATALOGUE), startRun, tryStart, stepRun, loadModel };
  const quiet = { listRuns: async () => ok([]), modelInfo: async () => ok(MODEL) };
  const { session, preferences } = await openStubSession({ ...engine, ...quiet, ...commands });
  await settle();
  const runs = new RunStore({
    session,
    inspect: new InspectStore(session),
    preferences,
  });
  const starter = new RunStarter({ session, runs, showInvalidField: () => isInvalid });
  return { ...engine, session, runs, starter, shelf: () => runs.useShelf.getState() };
}

describe('a run', () => {
  it('starts from the first shipped model on what that knows, without a trial', async () => {
    const { starter, startRun, tryStart, loadModel, runs } = await openStarter();
    expect(await starter.startRun(SETTINGS)).toBe(true);
    expect(tryStart).not.toHaveBeenCalled();
    expect(loadModel).toHaveBeenLastCalledWith({ kind: 'shipped', id: 'base' });
    expect(startRun).toHaveBeenCalledWith(SETTINGS, false);
    expect(runs.useRun.getState().run?.status).toBe('running');
  });

  it('starts from where the reader says, once', async () => {
    const { starter, loadModel, shelf } = await openStarter();
    starter.chooseStart('distilled');
    await starter.startRun(SETTINGS);
    expect(loadModel).toHaveBeenLastCalledWith({ kind: 'shipped', id: 'distilled' });
    expect(shelf().start).toBeUndefined();
  });

  it('does not start while a field shows what it cannot take', async () => {
    const { starter, startRun } = await openStarter({}, { isInvalid: true });
    expect(await starter.startRun(SETTINGS)).toBe(false);
    expect(startRun).not.toHaveBeenCalled();
  });

  it('does not start twice', async () => {
    const trial = deferred<Result<StartTrial>>();
    const { starter, startRun } = await openStarter({ tryStart: () => trial.promise });
    const first = starter.startRun(FOREIGN);
    expect(await starter.startRun(SETTINGS)).toBe(false);
    trial.resolve(ok({ problems: 16, right: 3 }));
    expect(await first).toBe(true);
    expect(startRun).toHaveBeenCalledTimes(1);
  });

  it('that the engine refuses says why', async () => {
    const { starter, shelf } = await openStarter({ startRun: async () => refused('memory') });
    expect(await starter.startRun(SETTINGS)).toBe(false);
    expect(shelf()).toMatchObject({ pending: undefined, problem: { userMessage: 'No memory.' } });
  });

  it('without a model says why, and is not doubted for it', async () => {
    const { starter, shelf } = await openStarter({ open: async () => ok({ ...CATALOGUE, models: [] }) });
    expect(await starter.startRun(FOREIGN)).toBe(false);
    expect(shelf()).toMatchObject({ doubt: undefined, problem: { code: 'no_model' } });
  });
});

describe('a start that is never right', () => {
  it('is doubted, and nothing starts', async () => {
    const { starter, startRun, shelf } = await openStarter();
    expect(await starter.startRun(FOREIGN)).toBe(false);
    expect(startRun).not.toHaveBeenCalled();
    expect(shelf()).toMatchObject({ pending: undefined, doubt: { model: 'base', trial: { problems: 16, right: 0 } } });
  });

  it('starts all the same if the reader is sure', async () => {
    const { starter, startRun, tryStart, shelf } = await openStarter();
    await starter.startRun(FOREIGN);
    await starter.startAnyway();
    expect(startRun).toHaveBeenCalledWith(FOREIGN, false);
    expect(tryStart).toHaveBeenCalledTimes(1);
    expect(shelf().doubt).toBeUndefined();
  });

  it('is tried again from another place', async () => {
    const { starter, tryStart, shelf } = await openStarter();
    await starter.startRun(FOREIGN);
    await starter.startAnyway('distilled');
    expect(tryStart).toHaveBeenLastCalledWith(FOREIGN, 'distilled');
    expect(shelf().doubt?.model).toBe('distilled');
  });

  it('is forgotten when it is dismissed', async () => {
    const { starter, startRun, shelf } = await openStarter();
    await starter.startRun(FOREIGN);
    starter.dismissDoubt();
    await starter.startAnyway();
    expect(shelf().doubt).toBeUndefined();
    expect(startRun).not.toHaveBeenCalled();
  });

  it('that cannot be tried is left to the engine to refuse', async () => {
    const { starter, startRun } = await openStarter({ tryStart: async () => refused('trial') });
    expect(await starter.startRun(FOREIGN)).toBe(true);
    expect(startRun).toHaveBeenCalledTimes(1);
  });
});

describe('a step', () => {
  it('is one of the open run, else of a new one that then waits', async () => {
    const { starter, startRun, stepRun, runs } = await openStarter();
    await starter.stepRun();
    expect(stepRun).not.toHaveBeenCalled();
    await starter.stepRun(SETTINGS);
    expect(startRun).toHaveBeenCalledWith(SETTINGS, true);
    await starter.stepRun(SETTINGS);
    expect(startRun).toHaveBeenCalledTimes(1);
    expect(stepRun).toHaveBeenCalledTimes(2);
    expect(runs.useRun.getState().phase).toBe('paused');
  });

  it('of a start that was doubted comes once that is confirmed', async () => {
    const { starter, stepRun } = await openStarter();
    await starter.stepRun(FOREIGN);
    expect(stepRun).not.toHaveBeenCalled();
    await starter.startAnyway();
    expect(stepRun).toHaveBeenCalledTimes(1);
  });
});
