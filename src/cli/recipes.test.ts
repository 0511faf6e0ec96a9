import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { countParameters } from '../model/parameterShapes';
import { type Pipeline, parsePipeline } from '../runs/pipeline';
import { gridModel } from '../runs/scaling/gridRun';
import { parseScalingRecipe } from '../runs/scaling/scalingRecipe';
import { pretrainRecipeSchema } from '../trainer/texts/pretrain';
import { parseSettings } from './settings';

const read = (path: string): unknown => JSON.parse(readFileSync(path, 'utf8'));

test('the recipe of the base model is whole', () => {
  const path = join('recipes', 'base.json');
  expect(parseSettings(pretrainRecipeSchema, read(path), path).steps).toBeGreaterThan(0);
});

const TASKS = join('recipes', 'tasks');

test.each(readdirSync(TASKS))('the recipe %s is a pipeline from nothing, named as its file and its task', (file) => {
  const { name, task, inputs, stages } = parsePipeline(read(join(TASKS, file)));
  expect([`${name}.json`, `${task}.json`]).toEqual([file, file]);
  expect(inputs).toEqual([]);
  expect([...new Set(stages.map(({ kind }) => kind))]).toEqual(['initialize', 'sft', 'grpo']);
});

const WIDE = join('recipes', 'wide');

test('the recipes of the wide family are pipelines on every task, its base from nothing and the others from that', () => {
  const files = readdirSync(WIDE).sort();
  expect(files).toEqual(['base.json', 'r1.json', 'zero.json']);
  const pipelines = files.map((file) => parsePipeline(read(join(WIDE, file))));
  expect(pipelines.map(({ name }) => `${name.replace('wide-', '')}.json`)).toEqual(files);
  expect(pipelines.map(({ inputs }) => inputs)).toEqual([[], ['wide-base'], ['wide-base']]);
  const dialsOf = ({ difficulty }: Pipeline) => Object.entries(difficulty).filter(([name]) => name.includes('.'));
  for (const pipeline of pipelines) {
    expect(pipeline.task).toBe('mixture');
    expect(dialsOf(pipeline)).toEqual(dialsOf(pipelines[0] as Pipeline));
  }
});

const SCALING = join('recipes', 'scaling');

test.each(readdirSync(SCALING))('the grid %s is named as its file, its sizes from the smallest up', (file) => {
  const recipe = parseScalingRecipe(read(join(SCALING, file)));
  expect(`${recipe.name}.json`).toBe(file);
  const counts = recipe.sizes.map((size) => {
    const run = { id: size.name, size, tokens: 1, uniqueTokens: undefined };
    return countParameters(gridModel(recipe, run).description.architecture).total;
  });
  expect(counts).toEqual([...counts].sort((a, b) => a - b));
});
