import { expect, test } from 'vitest';
import { keyParts } from './keyParts';

test('more keys are attended to in more parts, a few keys in one', () => {
  expect([1, 8, 9, 32, 33, 512, 513, 4096].map(keyParts)).toEqual([1, 1, 2, 2, 4, 8, 16, 32]);
});
