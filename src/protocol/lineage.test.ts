import { expect, it } from 'vitest';
import { lineageName } from './lineage';

it('a model is named by what it was at first and the run that trained it last, however many there were', () => {
  expect(lineageName({ baseModel: 'base', runs: [] })).toBe('base');
  expect(lineageName({ baseModel: 'base', runs: ['calm-otter-7'] })).toBe('base · calm-otter-7');
  expect(lineageName({ baseModel: 'base', runs: ['calm-otter-7', 'shy-wren-3', 'keen-fox-12'] })).toBe(
    'base · keen-fox-12',
  );
});
