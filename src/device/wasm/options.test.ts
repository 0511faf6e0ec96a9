import { expect, it } from 'vitest';
import { threadsFor } from './options';

it.each([
  [{}, 4, true, { count: 4, limit: 'cores' }],
  [{}, 16, true, { count: 8, limit: 'most' }],
  [{}, 16, false, { count: 1, limit: 'unshared' }],
  [{ threads: 2 }, 4, true, { count: 2, limit: 'asked' }],
  [{ threads: 64 }, 4, true, { count: 8, limit: 'most' }],
  [{ threads: 0 }, 4, true, { count: 1, limit: 'asked' }],
] as const)('threads for %o on %i cores, shared memory %s', (options, cores, isShared, threads) => {
  expect(threadsFor(options, cores, isShared)).toEqual(threads);
});
