// A pipeline of two stages, small enough to be read.
import type { Done, PipelineInfo, PipelineRun } from '../protocol/protocol';

const stage = (name: string, ...needs: string[]) =>
  ({ name, kind: 'sft', summary: '', needs, settings: {} }) satisfies PipelineInfo['stages'][number];

export const PIPELINE: PipelineInfo = {
  name: 'two',
  summary: '',
  task: 'chained_sums',
  inputs: ['base'],
  evaluation: { problems: 1, temperature: 1 },
  stages: [stage('first', 'base'), stage('second', 'first')],
};

export const stageDone = (name: string): Done => ({ name, steps: 1, tokens: 2, seconds: 3 });

/** @param names of what is done */
export const pipelineRun = (status: PipelineRun['status'], ...names: string[]): PipelineRun => ({
  pipeline: PIPELINE,
  done: names.map(stageDone),
  next: undefined,
  status,
  isElsewhere: false,
});
