import { describe, expect, it, vi } from 'vitest';
import type { EngineApi, RunRecord } from '../protocol/protocol';
import { parsePipeline } from '../runs/pipeline';
import { CATALOGUE, MODEL } from '../testing/madeUp';
import { runRecord } from '../testing/madeUpRun';
import { ok, openStubSession, refused } from '../testing/stubEngine';
import { InspectStore } from './inspect';
import { RunStore } from './run';
import { RunStarter } from './startRun';
import { FIRST_BASE, MORE_OF_THE_SAME } from './storyPipeline';
import { STORY_STEPS, StoryRun, storySettings } from './storyRun';

async function openStory(commands: Partial<EngineApi> = {}) {
  let run: RunRecord = { ...runRecord({ status: 'paused' }), id: 'story', step: 0 };
  const startRun = vi.fn<EngineApi['startRun']>(async (settings, paused) => {
    run = { ...run, settings, status: paused ? 'paused' : 'running' };
    return ok(run);
  });
  const stepRun = vi.fn<EngineApi['stepRun']>(async () => ok(run));
  const resumeRun = vi.fn<EngineApi['resumeRun']>(async () => ok(run));
  const loadModel = vi.fn<EngineApi['loadModel']>(async () => ok(MODEL));
  const listRuns: EngineApi['listRuns'] = async () => ok([]);
  const open: EngineApi['open'] = async () => ok(CATALOGUE);
  const stub = await openStubSession({ open, startRun, stepRun, resumeRun, loadModel, listRuns, ...commands });
  const { session, preferences } = stub;
  const runs = new RunStore({ session, preferences, inspect: new InspectStore(session) });
  const starter = new RunStarter({ session, runs, showInvalidField: () => false });
  return { ...stub, runs, story: new StoryRun({ session, runs, starter }), startRun, stepRun, resumeRun };
}

describe('the run of the story', () => {
  it('begins with one step, and goes on with the same run', async () => {
    const { story, runs, startRun, stepRun, resumeRun } = await openStory();
    await story.takeStep();
    expect(startRun).toHaveBeenCalledWith(storySettings(CATALOGUE), true);
    expect(stepRun).toHaveBeenCalledTimes(1);
    expect(story.isOurs(runs.useRun.getState())).toBe(true);
    await story.goOn();
    expect(startRun).toHaveBeenCalledTimes(1);
    expect(resumeRun).toHaveBeenCalledTimes(1);
  });

  it('begins anew where there is none, and says where the engine refuses', async () => {
    const { story, runs, startRun } = await openStory();
    startRun.mockResolvedValueOnce(refused('run'));
    await story.goOn();
    expect(runs.useShelf.getState().problem?.userMessage).toBe('No run.');
    expect(story.isOurs(runs.useRun.getState())).toBe(false);
    await story.goOn();
    expect(startRun.mock.lastCall?.[1]).toBe(false);
    expect(story.isOurs(runs.useRun.getState())).toBe(true);
  });

  it('counts what was right before the first step and after the last', async () => {
    const { story } = await openStory();
    const at = (step: number, accuracy: number) => ({ step, metrics: { 'eval/accuracy': accuracy } });
    expect(story.measuredIn([at(0, 0.375)])).toEqual({ before: 24, after: undefined });
    expect(story.measuredIn([at(0, 0.375), at(STORY_STEPS, 0.75)])).toEqual({ before: 24, after: 48 });
  });
});

it('the pipelines of the story are such as can be run', () => {
  for (const file of [FIRST_BASE, MORE_OF_THE_SAME]) expect(parsePipeline(file).name).toBe(file.name);
});
