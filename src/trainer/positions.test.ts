import { expect, test } from 'vitest';
import { CompletionLengthError, checkCompletionLength } from './positions';

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
