import { expect, it } from 'vitest';
import type { PipelineRun, RunRecord } from '../protocol/protocol';
import { deviceWork } from './deviceWork';
import { noPipelines } from './pipelineReducer';
import { noRun } from './runReducer';
import type { RunShelf } from './runShelf';
import { noScaling } from './scaling';

type Parts = {
  run?: Partial<typeof noRun>;
  pipelines?: Partial<typeof noPipelines>;
  shelf?: Pick<RunShelf, 'comparing' | 'pending'>;
  scaling?: Partial<typeof noScaling>;
};
const work = ({ run, pipelines, shelf, scaling }: Parts) =>
  deviceWork(
    { ...noRun, ...run },
    { ...noPipelines, ...pipelines },
    shelf ?? { comparing: undefined, pending: undefined },
    { ...noScaling, ...scaling },
  );
const record = (status: RunRecord['status']) => ({ status, name: 'calm-otter', step: 4 }) as RunRecord;
const live = (status: RunRecord['status'], phase: (typeof noRun)['phase']) =>
  ({ origin: 'live', run: record(status), phase }) as const;
const pipeline = { pipeline: { name: 'r1' }, status: 'running' } as PipelineRun;
const progress = (phase: 'training' | 'measuring') =>
  ({ pipeline: 'r1', name: 'cold-start', phase, done: 1, total: 2, share: 0.5 }) as const;

it.each<[string, Parts, ReturnType<typeof work>]>([
  ['nothing', {}, []],
  ['a step of a run', { run: live('running', 'updating') }, [{ kind: 'step', step: 5 }]],
  ['an evaluation of a run', { run: live('running', 'evaluating') }, [{ kind: 'evaluation', name: 'calm-otter' }]],
  ['nothing of a run that rests', { run: live('paused', 'paused') }, []],
  ['nothing of a run that another tab has', { run: { ...live('running', 'sampling'), origin: 'elsewhere' } }, []],
  [
    'a step of a pipeline',
    { pipelines: { runs: { r1: pipeline }, progress: progress('training') } },
    [{ kind: 'step' }],
  ],
  [
    'an evaluation of a pipeline',
    { pipelines: { runs: { r1: pipeline }, progress: progress('measuring') } },
    [{ kind: 'evaluation', name: 'cold-start' }],
  ],
  [
    'a comparison',
    { shelf: { comparing: { runId: 'a', done: 0, total: 0 }, pending: undefined } },
    [{ kind: 'comparison' }],
  ],
  ['a trial', { shelf: { comparing: undefined, pending: 'try' } }, [{ kind: 'trial' }]],
  ['a measurement', { scaling: { status: 'running' } }, [{ kind: 'scaling' }]],
  ['a measurement that is being stopped', { scaling: { status: 'stopping' } }, [{ kind: 'scaling' }]],
  ['nothing of a measurement that has ended', { scaling: { status: 'ended' } }, []],
  [
    'several things',
    { run: live('running', 'evaluating'), scaling: { status: 'running' } },
    [{ kind: 'evaluation', name: 'calm-otter' }, { kind: 'scaling' }],
  ],
])('%s', (_, parts, expected) => expect(work(parts)).toEqual(expected));
