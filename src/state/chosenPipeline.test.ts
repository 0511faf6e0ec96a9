import { expect, it } from 'vitest';
import type { DeviceInfo, PipelineInfo, PipelineRun } from '../protocol/protocol';
import { CATALOGUE } from '../testing/madeUp';
import { chosenPipeline, givenPipelines } from './chosenPipeline';

const info = (name: string): PipelineInfo => ({
  name,
  summary: '',
  task: 'chained_sums',
  inputs: [],
  evaluation: { problems: 1, temperature: 1 },
  stages: [],
});
const pair = (name: string) => ({ full: info(name), mini: info(`${name}-mini`) });
const run = (name: string, status: PipelineRun['status']): PipelineRun => ({
  pipeline: { ...info(name), summary: 'as begun' },
  done: [],
  next: undefined,
  status,
  isElsewhere: false,
});
const pipelines = [pair('r1-zero'), pair('r1'), pair('distil-or-rl')];
const device = (isSoftware: boolean): DeviceInfo => ({ ...CATALOGUE.device, isSoftware });
const NONE = { chosen: undefined, isMini: undefined };
const nameOf = (
  runs: readonly PipelineRun[],
  choice: Parameters<typeof chosenPipeline>[2] = NONE,
  isSoftware = false,
) =>
  chosenPipeline(
    { pipelines, device: device(isSoftware) },
    Object.fromEntries(runs.map((one) => [one.pipeline.name, one])),
    choice,
  )?.pipeline.name;

it('a first look is at R1, mini where a full one would take hours', () => {
  expect(nameOf([])).toBe('r1');
  expect(nameOf([], NONE, true)).toBe('r1-mini');
});

it('one that was begun is looked at in its form, unfinished before finished', () => {
  expect(nameOf([run('distil-or-rl-mini', 'finished')])).toBe('distil-or-rl-mini');
  const both = [run('distil-or-rl', 'finished'), run('r1-zero-mini', 'stopped')];
  expect(nameOf(both)).toBe('r1-zero-mini');
  expect(nameOf(both, { chosen: 'distil-or-rl', isMini: undefined }, true)).toBe('distil-or-rl');
});

it('what the reader chose is looked at whatever was begun', () => {
  const begun = [run('r1', 'running')];
  expect(nameOf(begun, { chosen: 'r1-zero', isMini: undefined })).toBe('r1-zero');
  expect(nameOf(begun, { chosen: 'r1', isMini: true })).toBe('r1-mini');
});

it('one from a file is looked at when chosen or unfinished, and has no other form', () => {
  const runs = { mine: run('mine', 'new'), r1: run('r1', 'finished') };
  const looked = chosenPipeline({ pipelines, device: device(true) }, runs, { chosen: 'mine', isMini: true });
  expect(looked).toMatchObject({ hasForms: false, isMini: false, pipeline: { name: 'mine' }, run: { status: 'new' } });
  expect(givenPipelines({ pipelines }, runs).map(({ pipeline }) => pipeline.name)).toEqual(['mine']);
  expect(nameOf(Object.values(runs))).toBe('mine');
});

it('a pipeline that was begun is shown as it was begun, not as it would be now', () => {
  const looked = chosenPipeline({ pipelines, device: device(false) }, { r1: run('r1', 'stopped') }, NONE);
  expect(looked?.pipeline.summary).toBe('as begun');
  expect(chosenPipeline({ pipelines: [], device: device(false) }, {}, NONE)).toBeUndefined();
});
