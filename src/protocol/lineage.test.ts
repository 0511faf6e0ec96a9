import { expect, it } from 'vitest';
import { inputName, lineageName } from './lineage';

it('a model is named by what it was at first and the run that trained it last, however many there were', () => {
  expect(lineageName({ baseModel: 'base', runs: [] })).toBe('base');
  expect(lineageName({ baseModel: 'base', runs: ['calm-otter-7'] })).toBe('base · calm-otter-7');
  expect(lineageName({ baseModel: 'base', runs: ['calm-otter-7', 'shy-wren-3', 'keen-fox-12'] })).toBe(
    'base · keen-fox-12',
  );
});

it('a model is an input of a pipeline under a name that pipelines take', () => {
  expect(['wide-r1', 'base · calm-otter-7', 'My Model!', '我的模型', '-'].map(inputName)).toEqual([
    ...['wide-r1', 'base-calm-otter-7', 'my-model', 'model', 'model'],
  ]);
  expect(inputName(`${'a'.repeat(39)} b`)).toBe('a'.repeat(39));
});
