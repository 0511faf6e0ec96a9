import { expect, it } from 'vitest';
import { parsePipelineFile } from '../runs/pipeline';
import { preferencePipeline } from './preferencePipeline';

const CHOICES = Array.from({ length: 6 }, (_, i) => ({
  prompt: `${i}+1=?`,
  chosen: `<think>${i}+1=${i + 1}</think><answer>${i + 1}</answer>`,
  rejected: '<think></think><answer>0</answer>',
}));

it('is a pipeline that can be run: a rater’s pairs are made, the reader’s come along', () => {
  const simulated = preferencePipeline('base', 'pupil');
  const own = preferencePipeline('base', CHOICES);
  const [one, other] = [simulated, own].map(({ name, text }) => parsePipelineFile(text, name));
  expect(one?.stages.map(({ kind }) => kind)).toEqual(['pairs', 'reward-model', 'grpo', 'grpo']);
  expect(other?.stages.map(({ kind }) => kind)).toEqual(['reward-model', 'grpo', 'grpo']);
  expect(other?.preferences).toEqual({ pairs: CHOICES });
});

it('has a name of its own for each model and for each set of choices', () => {
  const names = [
    preferencePipeline('base', 'pupil'),
    preferencePipeline('base', 'teacher'),
    preferencePipeline('My Own Model / r1', 'teacher'),
    preferencePipeline('base', CHOICES),
    preferencePipeline('base', CHOICES.slice(1)),
  ].map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
  expect(preferencePipeline('base', CHOICES).name).toBe(names[3]);
});
