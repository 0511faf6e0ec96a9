import { describe, expect, it, vi } from 'vitest';
import type { Done, EngineApi, PipelineRun } from '../protocol/protocol';
import { ok, openStubSession, refused, settle } from '../testing/stubEngine';
import { FIRST_BASE, StoryPipeline } from './storyPipeline';

const runOf = (name: string, status: PipelineRun['status'], done: readonly Done[] = []): PipelineRun =>
  ({ pipeline: { name }, status, done, next: undefined, isElsewhere: false }) as unknown as PipelineRun;
const DONE: Done = { name: 'first-steps', steps: 2, tokens: 9, seconds: 1 };

async function openPipeline(commands: Partial<EngineApi> = {}) {
  const deletePipeline = vi.fn<EngineApi['deletePipeline']>(async () => ok(null));
  const openFile = vi.fn<EngineApi['openPipeline']>(async () => ok(runOf('story-pretraining-2', 'new')));
  const runPipeline = vi.fn<EngineApi['runPipeline']>(async (name) => ok(runOf(name, 'running')));
  const stub = await openStubSession({ deletePipeline, openPipeline: openFile, runPipeline, ...commands });
  const story = new StoryPipeline(stub.session, FIRST_BASE);
  return { ...stub, story, deletePipeline, openFile, runPipeline, state: () => story.usePipeline.getState() };
}

describe('a pipeline that a chapter runs', () => {
  it('is told step by step under the name it was given, and deleted at its end', async () => {
    const { story, emit, state, deletePipeline, openFile, runPipeline } = await openPipeline();
    await story.run();
    expect(JSON.parse(openFile.mock.lastCall?.[0] ?? '')).toEqual(FIRST_BASE);
    expect(runPipeline.mock.lastCall?.[0]).toBe('story-pretraining-2');
    const step = { step: 10, metrics: { loss: 3 } };
    const written = { step: 10, question: '1+2=?', text: '-' };
    emit(
      { type: 'stageStepped', pipeline: 'another', stage: 'x', step },
      { type: 'stageStepped', pipeline: 'story-pretraining-2', stage: 'first-steps', step },
      { type: 'answerWritten', pipeline: 'another', stage: 'x', written },
      { type: 'answerWritten', pipeline: 'story-pretraining-2', stage: 'first-steps', written },
    );
    expect(state()).toMatchObject({ status: 'running', steps: [step], written: [written] });
    expect(deletePipeline).not.toHaveBeenCalled();
    emit({ type: 'pipelineChanged', run: runOf('story-pretraining-2', 'finished', [DONE]) });
    await settle();
    expect(state()).toMatchObject({ status: 'ended', done: [DONE], steps: [step] });
    expect(deletePipeline.mock.calls).toEqual([['story-pretraining-2']]);
  });

  it('says that it is slow once its pace is known, and keeps to that', async () => {
    const { story, emit, state } = await openPipeline();
    await story.run();
    const progressed = (done: number, leftMs: number) => {
      const progress = { name: 'x', phase: 'training' as const, done, total: 9, share: done / 9, leftMs };
      emit({ type: 'pipelineProgressed', pipeline: 'story-pretraining-2', progress });
    };
    progressed(1, 900_000);
    expect(state().slowMs).toBeUndefined();
    progressed(3, 59_000);
    expect(state().slowMs).toBeUndefined();
    progressed(4, 90_000);
    progressed(5, 30_000);
    expect(state().slowMs).toBe(90_000);
  });

  it('says why it cannot run, leaves nothing behind, and can be tried again', async () => {
    const { story, state, deletePipeline, runPipeline } = await openPipeline();
    runPipeline.mockResolvedValueOnce(refused('pipeline'));
    await story.run();
    expect(state()).toMatchObject({ status: 'failed', problem: { userMessage: 'No pipeline.' } });
    expect(deletePipeline).toHaveBeenCalledTimes(1);
    await story.run();
    expect(state()).toMatchObject({ status: 'running', problem: undefined });
    await story.run();
    expect(runPipeline).toHaveBeenCalledTimes(2);
  });

  it('is not touched by what comes while it does not run', async () => {
    const { emit, state } = await openPipeline();
    emit({ type: 'pipelineChanged', run: runOf('r1', 'running') });
    expect(state().status).toBe('none');
  });
});
