import { describe, expect, it } from 'vitest';
import { PipelineError, type PipelineOptions, parsePipeline } from './pipeline';
import { type Done, toDo, withDone } from './pipelineRecord';

const grpo = (name: string, from: string): PipelineOptions['stages'][number] => ({
  kind: 'grpo',
  name,
  from,
  preset: 'R1-Zero',
});
/** Two branches from one model, of which the second ends in what is made from a set. */
const pipeline = parsePipeline({
  name: 'branches',
  summary: '',
  task: 'chained_sums',
  inputs: ['base', 'other'],
  stages: [
    grpo('teacher', 'base'),
    grpo('beside', 'other'),
    { kind: 'reject', name: 'kept', from: 'teacher' },
    { kind: 'sft', name: 'taught', from: 'base', data: [{ kind: 'set', set: 'kept' }] },
  ],
});
const done = (...names: string[]): Done[] => names.map((name) => ({ name, steps: 1, tokens: 1, seconds: 1 }));

describe('what is still to be done', () => {
  it('is each input, then each stage, in order', () => {
    expect(toDo({ pipeline, done: [] })).toEqual(['base', 'other', 'teacher', 'beside', 'kept', 'taught']);
    expect(toDo({ pipeline, done: done('base', 'other', 'beside') })).toEqual(['teacher', 'kept', 'taught']);
  });

  it('for one stage is it and what it needs, through sets as through models', () => {
    expect(toDo({ pipeline, done: [] }, 'taught')).toEqual(['base', 'teacher', 'kept', 'taught']);
    expect(toDo({ pipeline, done: [] }, 'beside')).toEqual(['other', 'beside']);
  });

  it('leaves out what only stages that are done have needed', () => {
    expect(toDo({ pipeline, done: done('base', 'kept') }, 'taught')).toEqual(['taught']);
    expect(toDo({ pipeline, done: done('taught') }, 'taught')).toEqual([]);
  });

  it('for a stage that is not there says which are', () => {
    expect(() => toDo({ pipeline, done: [] }, 'base')).toThrow(PipelineError);
    expect(() => toDo({ pipeline, done: [] }, 'base')).toThrow('branches has no stage base.');
  });
});

it('what is done is kept in the pipeline’s order, whichever was made first', () => {
  const [taught] = done('taught');
  const [teacher] = done('teacher');
  const record = withDone(withDone({ pipeline, done: done('base') }, taught as Done), teacher as Done);
  expect(record.done.map(({ name }) => name)).toEqual(['base', 'teacher', 'taught']);
});
