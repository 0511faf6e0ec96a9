import { expect, it } from 'vitest';
import { memoryLocks } from '../testing/memoryLocks';
import { createRunLocks } from './runLocks';

it('a run is taken by one tab alone, and free again once that tab gives it back', async () => {
  const browser = memoryLocks();
  const [here, there] = [createRunLocks(browser), createRunLocks(browser)];
  const release = await there.take('a');
  expect([...(await here.listTaken())]).toEqual(['a']);
  expect(await here.take('a')).toBeUndefined();
  expect(await here.take('b')).toBeTypeOf('function');
  release?.();
  expect(await here.take('a')).toBeTypeOf('function');
});

it('a run that is given back a moment later is waited for', async () => {
  const browser = memoryLocks();
  const release = await createRunLocks(browser).take('a');
  setTimeout(() => release?.(), 50);
  expect(await createRunLocks(browser).take('a')).toBeTypeOf('function');
});

it('without a lock manager every run is free', async () => {
  const locks = createRunLocks(undefined);
  await locks.take('a');
  expect(await locks.take('a')).toBeTypeOf('function');
  expect((await locks.listTaken()).size).toBe(0);
});
