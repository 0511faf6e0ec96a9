import { expect, test } from 'vitest';
import { CompletionLengthError, checkCompletionLength, commonLength } from './positions';

const check = (length: number, positions: number) => () =>
  checkCompletionLength({ max_completion_length: length }, { maxPositions: positions });

test('a completion may take every position that the longest prompt leaves', () => {
  expect(check(192, 256)).not.toThrow();
  expect(check(193, 256)).toThrow(CompletionLengthError);
});

test('one too long is refused with what was found, what there is room for, and what to do', () => {
  expect(check(300, 256)).toThrow(/is 300 tokens; the model has 256 positions .* may take 64\. Choose at most 192, /);
});

test('a model without room for any completion is not told to choose a length', () => {
  expect(check(1, 64)).toThrow(/may take 64\. Choose a model with more positions\.$/);
});

test('models that are measured alike answer as long as the one that gives itself most, where all have room for it', () => {
  const model = (maxNewTokens: number | undefined, positions: number) => ({
    description: { architecture: { maxPositions: positions } },
    generation: maxNewTokens === undefined ? undefined : { maxNewTokens },
  });
  expect(commonLength([model(48, 256)])).toBe(48);
  expect(commonLength([model(48, 256), model(120, 256)])).toBe(120);
  expect(commonLength([model(48, 256), model(undefined, 256)])).toBe(96);
  expect(commonLength([model(500, 256), model(48, 128)])).toBe(64);
  expect(commonLength([model(48, 32)])).toBe(1);
});
