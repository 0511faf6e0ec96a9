import { describe, expect, it } from 'vitest';
import type { PipelineRun, StepMetrics } from '../protocol/protocol';
import { PIPELINE, pipelineRun as run } from '../testing/madeUpPipeline';
import {
  noPipelines,
  type PipelinesEvent,
  type PipelinesState,
  reducePipelines,
  runningPipeline,
} from './pipelineReducer';

const changed = (...of: Parameters<typeof run>): PipelinesEvent => ({ type: 'pipelineChanged', run: run(...of) });
const progressed = (name: string, at: number): PipelinesEvent => ({
  type: 'pipelineProgressed',
  pipeline: 'two',
  progress: { name, phase: 'training', done: at, total: 4, share: at / 4 },
});
const step = (at: number, loss = at): StepMetrics => ({ step: at, metrics: { loss } });
const stepped = (at: number, loss?: number): PipelinesEvent => ({
  type: 'stageStepped',
  pipeline: 'two',
  stage: 'first',
  step: step(at, loss),
});
const read = (...steps: StepMetrics[]): PipelinesEvent => ({
  type: 'stageRead',
  pipeline: 'two',
  stage: 'first',
  steps,
});
const play = (...events: PipelinesEvent[]): PipelinesState => events.reduce(reducePipelines, noPipelines);
const LOST = { code: 'device_lost', userMessage: 'Gone.', remedy: 'Reconnect.' } as const;

describe('a pipeline', () => {
  it('tells of a stage’s progress until the next begins', () => {
    const first = play(changed('running', 'base'), progressed('first', 3));
    expect(first.progress).toMatchObject({ pipeline: 'two', name: 'first', done: 3 });
    expect(reducePipelines(first, changed('running', 'base')).progress).toBe(first.progress);
    expect(reducePipelines(first, changed('running', 'base', 'first')).progress).toBeUndefined();
  });

  it('makes no more progress once it is stopped, even where that is told late', () => {
    const stopped = play(changed('running', 'base'), progressed('first', 3), changed('stopped', 'base'));
    expect(stopped.progress).toBeUndefined();
    expect(reducePipelines(stopped, progressed('first', 4)).progress).toBeUndefined();
    expect(runningPipeline(stopped)).toBeUndefined();
  });

  it('fails with the device, keeping what is done', () => {
    const lost = play(changed('running', 'base'), progressed('first', 1), { type: 'deviceLost', error: LOST });
    expect(lost.runs.two).toMatchObject({ status: 'failed', problem: LOST, done: [{ name: 'base' }] });
    expect(lost.progress).toBeUndefined();
    const stopped = play(changed('stopped', 'base'), { type: 'deviceLost', error: LOST });
    expect(stopped.runs.two?.status).toBe('stopped');
  });

  it('is gone with its metrics once deleted, and others stay', () => {
    const other: PipelineRun = { ...run('stopped'), pipeline: { ...PIPELINE, name: 'two-mini' } };
    const state = play(
      { type: 'pipelinesListed', runs: [run('stopped', 'base'), other] },
      read(step(1)),
      { type: 'stageRead', pipeline: 'two-mini', stage: 'first', steps: [step(1)] },
      { type: 'pipelineDeleted', name: 'two' },
    );
    expect(Object.keys(state.runs)).toEqual(['two-mini']);
    expect(Object.keys(state.steps)).toEqual(['two-mini/first']);
  });
});

describe('the steps of a stage', () => {
  it('that are taken again replace those before', () => {
    const state = play(stepped(1), stepped(2), stepped(3), stepped(2, 9));
    expect(state.steps['two/first']).toEqual([step(1), step(2, 9)]);
  });

  it('that were stored come before those that are told live, each once', () => {
    const state = play(stepped(3, 30), stepped(4, 40), read(step(1), step(2), step(3), step(4), step(5)));
    expect(state.steps['two/first']).toEqual([step(1), step(2), step(3, 30), step(4, 40)]);
    expect(play(read(step(1), step(2))).steps['two/first']).toEqual([step(1), step(2)]);
  });
});
