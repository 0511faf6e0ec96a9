import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { folderTokenizer } from '../../engine/languageModel';
import { lengthOf } from '../../trainer/packing';
import { gridModel, gridSettings, gridTexts } from './gridRun';
import { readResults, resultLine } from './resultLines';
import { gridOf, parseScalingRecipe, ScalingRecipeError } from './scalingRecipe';

const MINI = JSON.parse(readFileSync('recipes/scaling/mini.json', 'utf8'));
const recipe = parseScalingRecipe(MINI);
const runs = gridOf(recipe);

it('says in words what of a recipe is wrong', () => {
  const refused = (changes: object) => () => parseScalingRecipe({ ...MINI, ...changes });
  expect(refused({ sizes: [] })).toThrow(ScalingRecipeError);
  expect(refused({ colour: 1 })).toThrow(/colour is no setting/);
  expect(refused({ sizes: [MINI.sizes[0], MINI.sizes[0]] })).toThrow(/Two sizes are named w8/);
  expect(refused({ repeated: { ...MINI.repeated, sizes: ['w9'] } })).toThrow(/w9.*There are: w8, w16/);
  expect(refused({ task: 'poems' })).toThrow(/poems/);
});

it('the rate falls with the width, and steps hold the tokens', () => {
  const [narrow, wide] = runs.slice(0, 2).map((run) => gridSettings(recipe, run));
  expect((narrow?.learning_rate ?? 0) / (wide?.learning_rate ?? 1)).toBeCloseTo(2);
  expect(narrow?.steps).toBe(4);
});

it('a run on few texts sees them again and again, each as often', () => {
  const run = runs.at(-1);
  if (!run) throw new Error('the grid is empty');
  const { textAt, uniqueTokens } = gridTexts(recipe, run, folderTokenizer('mini', gridModel(recipe, run)));
  const texts = new Map<string, number>();
  let tokens = 0;
  let count = 0;
  while (tokens < (uniqueTokens ?? 0)) {
    const text = textAt(count++);
    tokens += lengthOf(text);
    const key = text.completion.join();
    texts.set(key, (texts.get(key) ?? 0) + 1);
  }
  expect(tokens).toBe(uniqueTokens);
  expect(uniqueTokens).toBeGreaterThanOrEqual(run.uniqueTokens ?? 0);
  const again = Array.from({ length: count }, (_, i) => textAt(count + i).completion.join());
  expect([...again].sort()).toEqual(
    [...texts.entries()].flatMap(([key, times]) => Array<string>(times).fill(key)).sort(),
  );
});

it('results are read again, but for a line that was cut', () => {
  const result = {
    id: 'a',
    size: 'w8',
    parameters: 1,
    innerParameters: 1,
    tokens: 2,
    uniqueTokens: 2,
    loss: 1.5,
    steps: 1,
    learningRate: 0.1,
    seconds: 1,
    device: 'processor',
  };
  const text = resultLine(result) + resultLine({ ...result, id: 'b' });
  expect(readResults(text)).toEqual([result, { ...result, id: 'b' }]);
  expect(readResults(text.slice(0, -5))).toEqual([result]);
});
