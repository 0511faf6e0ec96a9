import { expect, it } from 'vitest';
import { DeviceLostError } from '../errors';
import { WorkQueue } from './queue';

const noFault = (error: unknown) => {
  throw error;
};

/** Work of so many milliseconds. */
function busy(ms: number): void {
  const endMs = performance.now() + ms;
  while (performance.now() < endMs);
}

it('does work in order, also what comes while other work is done', async () => {
  const queue = new WorkQueue(noFault);
  const done: number[] = [];
  for (let i = 0; i < 3; i++) {
    queue.push(() => {
      done.push(i);
      return true;
    });
  }
  await queue.after(() => done.push(3));
  expect(done).toEqual([0, 1, 2, 3]);
});

it('lets other tasks of the thread run between slices, though each piece of work is short', async () => {
  const queue = new WorkQueue(noFault);
  let isAnswered = false;
  setTimeout(() => {
    isAnswered = true;
  }, 1);
  let pieces = 0;
  while (!isAnswered && pieces < 1000) {
    await queue.after(() => busy(1));
    pieces++;
  }
  expect(isAnswered).toBe(true);
  expect(pieces).toBeLessThan(100);
});

it('goes on with long work where its slice ended', async () => {
  const queue = new WorkQueue(noFault);
  let slices = 0;
  let steps = 0;
  queue.push((isOver) => {
    slices++;
    while (steps < 30) {
      busy(1);
      steps++;
      if (isOver()) break;
    }
    return steps === 30;
  });
  await queue.after(() => undefined);
  expect(steps).toBe(30);
  expect(slices).toBeGreaterThan(1);
});

it('tells what work throws, and rejects what waits behind it', async () => {
  const queue: WorkQueue = new WorkQueue((error) => queue.fail(new DeviceLostError(String(error))));
  queue.push(() => {
    throw new Error('unreachable');
  });
  await expect(queue.after(() => 1)).rejects.toThrow('unreachable');
});
