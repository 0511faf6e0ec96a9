import { expect, it } from 'vitest';
import { allPresets } from '../../trainer/presets';
import { zh } from './zh';

it('every recipe is explained in Chinese, and nothing that is none', () => {
  expect(Object.keys(zh.train.presetSummaries).sort()).toEqual(
    allPresets()
      .map(({ name }) => name)
      .sort(),
  );
});
