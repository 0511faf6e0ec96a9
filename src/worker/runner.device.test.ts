// A run of the page without the page: what is kept of it when it ends in its last evaluation, or when its weights go wrong.
import { describe, expect, it } from 'vitest';
import { loadLanguageModel, toFolder } from '../engine/languageModel';
import type { EngineEvent, RunRecord } from '../protocol/protocol';
import { createCheckpoints } from '../storage/checkpoints';
import { memoryRunStore } from '../storage/memoryRuns';
import { memorySlots } from '../storage/memorySlots';
import { memoryStoredFiles } from '../storage/storedFiles';
import { setUpRuntime, tinyModel } from '../testing/tinyModel';
import { type GrpoOptions, grpoConfig } from '../trainer/grpo/grpoConfig';
import { Lane } from './lane';
import { unpackRunCheckpoint } from './runCheckpoint';
import { Runner } from './runner';

const runtime = setUpRuntime();

/** What outlives the page, and what a page does with it until it has told `dieAt`. */
function browser(options: GrpoOptions, evalEvery: number) {
  const checkpoints = createCheckpoints(memorySlots());
  const store = memoryRunStore();
  const bases = memoryStoredFiles();
  const config = grpoConfig({ num_prompts: 2, num_generations: 2, max_completion_length: 8, ...options });
  const record: RunRecord = {
    ...{ id: 'run', name: 'calm-otter-1', createdAt: '', baseModel: 'tiny', parents: [], step: 0, status: 'running' },
    settings: {
      ...{ task: 'chained_sums', difficulty: { min_terms: 2, max_terms: 2, max_number: 2 }, preset: 'R1-Zero' },
      ...{ config, evalProblems: 4, evalEvery, checkpointEvery: 25 },
    },
  };
  const open = async (dieAt: (event: EngineEvent) => boolean = () => false) => {
    const events: EngineEvent[] = [];
    const emit = (event: EngineEvent) => {
      events.push(event);
      if (dieAt(event)) throw new Error('the page was closed');
    };
    const services = { runtime: runtime(), lane: new Lane(), store, checkpoints, bases, emit };
    const stored = await checkpoints.loadCheckpoint('run');
    if (!stored) {
      const model = await tinyModel(runtime(), true);
      return { runner: await Runner.start(services, model, await toFolder(runtime(), model), record), events };
    }
    const snapshot = await unpackRunCheckpoint('tiny', stored);
    const model = await loadLanguageModel(runtime(), 'tiny', snapshot.model, true);
    const { step } = snapshot;
    const isDone = step >= (config.max_steps ?? 0);
    const opened: RunRecord = {
      ...((await store.findRun('run')) ?? record),
      step,
      status: isDone ? 'finished' : 'paused',
    };
    return { runner: await Runner.reopen(services, model, opened, snapshot), events };
  };
  return { open, store, checkpoints, bases };
}

const stepsOf = (events: readonly EngineEvent[]) =>
  events.flatMap((event) => (event.type === 'stepFinished' ? [event.step] : []));

describe('a run of the page', () => {
  it('that is left in its last evaluation has lost nothing: opened again, it is measured and done', async () => {
    const { open, store } = browser({ max_steps: 3 }, 10);
    let isLast = false;
    const first = await open((event) => {
      if (event.type === 'checkpointSaved') isLast = event.step === 3;
      return isLast && event.type === 'phaseChanged' && event.phase === 'evaluating';
    });
    first.runner.resume();
    await first.runner.whenResting();
    expect((await store.listSteps('run')).at(-1)?.metrics).not.toHaveProperty('eval/accuracy');

    const { runner, events } = await open();
    expect(runner.record).toMatchObject({ step: 3, status: 'paused' });
    runner.resume();
    await runner.whenResting();
    expect(runner.record.status).toBe('finished');
    expect(stepsOf(events).map(({ step }) => step)).toEqual([3]);
    expect((await store.listSteps('run')).at(-1)).toMatchObject({
      step: 3,
      metrics: { 'eval/accuracy': expect.any(Number) },
    });
  });

  it('whose weights are wrecked tells since when, stops, and keeps the last checkpoint from before', async () => {
    const { open, checkpoints } = browser({ max_steps: 40, learning_rate: 1e6, entropy_coef: 0.1 }, 0);
    const { runner, events } = await open();
    runner.resume();
    await runner.whenResting();
    expect(runner.record.status).toBe('failed');
    const ailing = events.flatMap((event) => (event.type === 'runAiled' && event.ailing ? [event.ailing] : []));
    expect(ailing.map(({ stepsLeft }) => stepsLeft)).toEqual([2, 1, 0]);
    const since = ailing[0]?.since ?? Number.NaN;
    const kept = (await checkpoints.loadCheckpoint('run'))?.step ?? Number.NaN;
    expect(kept).toBeLessThan(since - 1);
    const failure = events.find((event) => event.type === 'runFailed');
    expect(failure).toMatchObject({ keptStep: kept, error: { code: 'wrecked_run' } });
    expect((await open()).runner.record.step).toBe(kept);
  });
});
