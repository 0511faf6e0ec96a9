import { describe, expect, it, vi } from 'vitest';
import type { EngineApi, PipelineInfo, PipelineRun, Result } from '../protocol/protocol';
import { MODEL } from '../testing/madeUp';
import { deferred, ok, openStubSession, refused } from '../testing/stubEngine';
import type { ChosenPipeline } from './chosenPipeline';
import { PipelineDeskStore } from './pipelineDesk';
import { runningPipeline } from './pipelineReducer';
import { PipelineStore } from './pipelines';

const info = (name: string) => ({ name, inputs: [], stages: [] }) as unknown as PipelineInfo;
const run = (name: string, status: PipelineRun['status']): PipelineRun => ({
  pipeline: info(name),
  done: [],
  next: undefined,
  status,
  isElsewhere: false,
});
const chosen: ChosenPipeline = {
  full: info('r1'),
  hasForms: true,
  isMini: true,
  pipeline: info('r1-mini'),
  run: undefined,
};

async function openPipelines(commands: Partial<EngineApi> = {}) {
  const listPipelines = vi.fn<EngineApi['listPipelines']>(async () => ok([run('r1-mini', 'stopped')]));
  const stub = await openStubSession({ listPipelines, ...commands });
  const loadAnotherModel = vi.fn(async (): Promise<Result<typeof MODEL>> => ok(MODEL));
  const fetchRecording = vi.fn(async () => undefined);
  const { session } = stub;
  const store = new PipelineStore(session);
  const pipelines = new PipelineDeskStore({ session, pipelines: store, runs: { loadAnotherModel }, fetchRecording });
  const desk = () => pipelines.usePipelineDesk.getState();
  const state = () => store.usePipelines.getState();
  return { ...stub, store, pipelines, desk, state, listPipelines, loadAnotherModel, fetchRecording };
}

describe('a pipeline', () => {
  it('is begun as it is looked at, stays looked at, and is stopped', async () => {
    const runPipeline = vi.fn<EngineApi['runPipeline']>(async (name) => ok(run(name, 'running')));
    const stopPipeline = async () => ok(run('r1-mini', 'stopped'));
    const { pipelines, desk, state } = await openPipelines({ runPipeline, stopPipeline });
    await pipelines.runPipeline(chosen, 'sft');
    expect(runPipeline).toHaveBeenCalledWith('r1-mini', 'sft');
    expect(desk()).toMatchObject({ chosen: 'r1', isMini: true, pending: undefined });
    expect(runningPipeline(state())?.pipeline.name).toBe('r1-mini');
    await pipelines.stopPipeline();
    expect(runningPipeline(state())).toBeUndefined();
  });

  it('that cannot run says why, and what there is is read again', async () => {
    const { pipelines, desk, state, listPipelines } = await openPipelines({ runPipeline: async () => refused('room') });
    await pipelines.runPipeline(chosen);
    expect(desk()).toMatchObject({ pending: undefined, problem: { userMessage: 'No room.' } });
    expect(listPipelines).toHaveBeenCalledTimes(1);
    expect(state().runs['r1-mini']?.status).toBe('stopped');
    pipelines.choosePipeline({ chosen: 'zero' });
    expect(desk()).toMatchObject({ chosen: 'zero', problem: undefined });
  });

  it('takes one command at a time', async () => {
    const answer = deferred<Result<PipelineRun>>();
    const deletePipeline = vi.fn<EngineApi['deletePipeline']>(async () => ok(null));
    const { pipelines, desk } = await openPipelines({ stopPipeline: () => answer.promise, deletePipeline });
    const stop = pipelines.stopPipeline();
    expect(desk().pending).toBe('stop');
    await pipelines.deletePipeline('r1-mini');
    expect(deletePipeline).not.toHaveBeenCalled();
    answer.resolve(ok(run('r1-mini', 'stopped')));
    await stop;
    await pipelines.deletePipeline('r1-mini');
    expect(deletePipeline).toHaveBeenCalledTimes(1);
  });

  it('is gone when it is deleted', async () => {
    const { pipelines, store, state } = await openPipelines({ deletePipeline: async () => ok(null) });
    await store.refreshPipelines();
    expect(Object.keys(state().runs)).toEqual(['r1-mini']);
    await pipelines.deletePipeline('r1-mini');
    expect(state().runs).toEqual({});
  });

  it('comes from a file and is looked at, and goes into one', async () => {
    const openPipeline = vi.fn<EngineApi['openPipeline']>(async () => ok(run('mine', 'new')));
    const pipelineFile: EngineApi['pipelineFile'] = async (name) => (name === 'mine' ? ok('{}') : refused('pipeline'));
    const { pipelines, desk } = await openPipelines({ openPipeline, pipelineFile });
    await pipelines.openPipeline({ name: 'mine.json', text: async () => '{"a":1}' });
    expect(openPipeline).toHaveBeenCalledWith('{"a":1}', 'mine.json');
    expect(desk()).toMatchObject({ chosen: 'mine', isMini: undefined });
    expect(await pipelines.exportPipeline('mine')).toBe('{}');
    expect(await pipelines.exportPipeline('other')).toBeUndefined();
    expect(desk().problem?.userMessage).toBe('No pipeline.');
  });

  it('from a file that is none leaves what is looked at', async () => {
    const { pipelines, desk } = await openPipelines({ openPipeline: async () => refused('stages') });
    pipelines.choosePipeline({ chosen: 'r1' });
    await pipelines.openPipeline({ name: 'x.json', text: async () => '' });
    expect(desk()).toMatchObject({ chosen: 'r1', problem: { userMessage: 'No stages.' } });
  });

  it('follows what the engine tells of it', async () => {
    const { emit, state } = await openPipelines();
    emit({ type: 'pipelineChanged', run: run('r1-mini', 'running') });
    expect(runningPipeline(state())?.pipeline.name).toBe('r1-mini');
  });
});

describe('a checkpoint', () => {
  it('is loaded as the model that answers, or says why not', async () => {
    const { pipelines, loadAnotherModel, desk } = await openPipelines();
    expect(await pipelines.loadCheckpoint('r1', 'rl')).toBe(true);
    expect(loadAnotherModel).toHaveBeenCalledWith({ kind: 'checkpoint', pipeline: 'r1', checkpoint: 'rl' });
    loadAnotherModel.mockResolvedValue(refused('checkpoint'));
    expect(await pipelines.loadCheckpoint('r1', 'rl')).toBe(false);
    expect(desk().problem?.userMessage).toBe('No checkpoint.');
  });

  it('goes into a zip', async () => {
    const zip = new Uint8Array([1]);
    const { pipelines } = await openPipelines({ exportCheckpoint: async () => ok(zip) });
    expect(await pipelines.exportCheckpoint('r1', 'rl')).toBe(zip);
  });
});

describe('what was recorded', () => {
  it('of a stage is read from the engine', async () => {
    const steps = [{ step: 1, metrics: { loss: 1 } }];
    const { pipelines, state } = await openPipelines({ stageSteps: async () => ok(steps) });
    await pipelines.readStage('r1', 'sft');
    expect(Object.values(state().steps)).toEqual([steps]);
  });

  it('of a full run is fetched once, whether there is one or not', async () => {
    const { pipelines, fetchRecording } = await openPipelines();
    await pipelines.fetchRecordedPipeline('r1');
    await pipelines.fetchRecordedPipeline('r1');
    expect(fetchRecording.mock.calls).toEqual([['r1', 'pipeline']]);
    expect(pipelines.useRecordedPipelines.getState()).toEqual({ r1: null });
  });
});

describe('a base that a recipe makes', () => {
  const file = '{ "name": "products" }';
  const commands = () => ({
    openPipeline: vi.fn<EngineApi['openPipeline']>(async () => ok(run('products', 'stopped'))),
    runPipeline: vi.fn<EngineApi['runPipeline']>(async (name) => ok(run(name, 'running'))),
  });

  it('is made from the file where it is not here, and looked at', async () => {
    const { openPipeline, runPipeline } = commands();
    const { pipelines, desk, state } = await openPipelines({ openPipeline, runPipeline });
    await pipelines.makeBase('products', file);
    expect(openPipeline).toHaveBeenCalledExactlyOnceWith(file, 'products.json');
    expect(runPipeline).toHaveBeenCalledExactlyOnceWith('products', 'base');
    expect(desk()).toMatchObject({ chosen: 'products', pending: undefined, problem: undefined });
    expect(runningPipeline(state())?.pipeline.name).toBe('products');
  });

  it('is gone on with where it is here', async () => {
    const { openPipeline, runPipeline } = commands();
    const listPipelines = async () => ok([run('products', 'stopped')]);
    const { pipelines } = await openPipelines({ openPipeline, runPipeline, listPipelines });
    await pipelines.makeBase('products', file);
    expect(openPipeline).not.toHaveBeenCalled();
    expect(runPipeline).toHaveBeenCalledExactlyOnceWith('products', 'base');
  });

  it('is not made of a file that is refused, and why is said', async () => {
    const { runPipeline } = commands();
    const { pipelines, desk } = await openPipelines({ openPipeline: async () => refused('stages'), runPipeline });
    await pipelines.makeBase('products', file);
    expect(runPipeline).not.toHaveBeenCalled();
    expect(desk()).toMatchObject({ chosen: undefined, problem: { userMessage: 'No stages.' } });
  });
});
