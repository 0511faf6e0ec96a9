import { expect, it, onTestFinished, vi } from 'vitest';
import { quantile } from '../profile';
import { SubmitProfiler } from './profiler';

/** A device whose submits are done when `finishNext` says so. */
function device(hasTimestamps: boolean) {
  const waiting: (() => void)[] = [];
  const gpu = {
    features: new Set(hasTimestamps ? ['timestamp-query'] : []),
    createQuerySet: () => ({}),
    createBuffer: ({ size }: { size: number }) => ({ size }),
    queue: { onSubmittedWorkDone: () => new Promise<void>((resolve) => waiting.push(resolve)) },
  } as unknown as GPUDevice;
  const encoder = { resolveQuerySet: vi.fn() } as unknown as GPUCommandEncoder;
  let now = 0;
  const time = vi.spyOn(performance, 'now').mockImplementation(() => now);
  onTestFinished(() => time.mockRestore());
  const at = <T>(ms: number, act: () => T): T => {
    now = ms;
    return act();
  };
  const finishNext = async () => {
    waiting.shift()?.();
    await Promise.resolve();
  };
  return { profiler: new SubmitProfiler(gpu), encoder, at, finishNext };
}

const inMs = (...lengths: number[]) =>
  new BigUint64Array(lengths.flatMap((ms) => [0n, BigInt(Math.round(ms * 1e6))])).buffer;

it('adds up the passes of each program by label without detail, whichever read brings their timestamps', () => {
  const { profiler, encoder } = device(true);
  profiler.start();
  const first = profiler.beginRun('Grpo:2048', 100, 2);
  expect(profiler.stampPass(first)).toMatchObject({ beginningOfPassWriteIndex: 0, endOfPassWriteIndex: 1 });
  expect(profiler.stampPass(first)).toMatchObject({ beginningOfPassWriteIndex: 2, endOfPassWriteIndex: 3 });
  profiler.resolve(encoder)?.take(inMs(1, 2));
  profiler.stampPass(profiler.beginRun('Grpo:512', 80, 1));
  profiler.stampPass(profiler.beginRun('Optimizer', 3, 1));
  const stamps = profiler.resolve(encoder);
  expect(stamps?.range.size).toBe(32);
  stamps?.take(inMs(4, 0.5));
  expect(profiler.stop()).toMatchObject({
    isByClock: false,
    programs: [
      { label: 'Grpo', ms: 7, runs: 2, dispatches: 180, submits: 3 },
      { label: 'Optimizer', ms: 0.5, runs: 1, dispatches: 3, submits: 1 },
    ],
  });
});

it('lets one run in eight of a short program stand for the others', () => {
  const { profiler, encoder } = device(true);
  profiler.start();
  const stamped = Array.from({ length: 12 }, () => profiler.stampPass(profiler.beginRun('Generator.step:8', 30, 1)));
  expect(stamped.map((stamp) => stamp !== undefined)).toEqual([
    true,
    ...Array(7).fill(false),
    true,
    false,
    false,
    false,
  ]);
  profiler.resolve(encoder)?.take(inMs(1, 3));
  expect(profiler.stop().programs).toMatchObject([{ label: 'Generator.step', ms: 24, runs: 12, dispatches: 360 }]);
});

it('times by the clock, without timestamps, each submit from the end of the one before', async () => {
  const { profiler, at, finishNext } = device(false);
  profiler.start();
  const run = (label: string) => profiler.submit(() => {}, profiler.beginRun(label, 10, 1));
  at(0, () => run('Score:512'));
  at(5, () => run('Grpo:512'));
  await at(30, finishNext);
  await at(90, finishNext);
  at(100, () => run('Grpo:512'));
  await at(104, finishNext);
  expect(at(110, () => profiler.stop())).toMatchObject({
    elapsedMs: 110,
    isByClock: true,
    programs: [
      { label: 'Score', ms: 30, runs: 1 },
      { label: 'Grpo', ms: 60 + 4, runs: 2 },
    ],
  });
});

it('says nothing of times that are not home, and nothing of what runs while it rests', async () => {
  const { profiler, encoder } = device(true);
  expect(profiler.beginRun('Score', 10, 1)).toBeUndefined();
  expect(profiler.stampPass(undefined)).toBeUndefined();
  profiler.start();
  profiler.stampPass(profiler.beginRun('Score', 10, 1));
  expect(profiler.stop().programs).toMatchObject([{ label: 'Score', ms: undefined }]);
  profiler.resolve(encoder)?.take(inMs(1));
  const blind = device(false).profiler;
  expect(blind.bytes).toBe(0);
  blind.start();
  blind.submit(() => {}, blind.beginRun('Score', 10, 1));
  expect(blind.stop().programs).toMatchObject([{ label: 'Score', ms: undefined }]);
});

it('does not time a run that has no room for its timestamps', () => {
  const { profiler } = device(true);
  profiler.start();
  const long = profiler.beginRun('Grpo', 64, 1024);
  for (let pass = 0; pass < 1024; pass++) profiler.stampPass(long);
  expect(profiler.stampPass(profiler.beginRun('Optimizer', 3, 1))).toBeUndefined();
});

it('tells how long nothing was submitted that is not known to be done', () => {
  const { profiler, at } = device(true);
  at(10, () => profiler.start());
  const first = at(13, () => profiler.submit(() => {}));
  const second = at(20, () => profiler.submit(() => {}));
  // The first is done, the second is not.
  at(30, () => profiler.finish(first));
  at(50, () => profiler.finish(second));
  const third = at(54, () => profiler.submit(() => {}));
  at(60, () => profiler.finish(third));
  expect(at(61, () => profiler.stop())).toMatchObject({ elapsedMs: 51, idleMs: 3 + 4 + 1 });
  at(100, () => profiler.start());
  expect(at(102, () => profiler.stop()).idleMs).toBe(2);
});

it('a quantile is a value of the list', () => {
  expect(quantile([], 0.99)).toBe(0);
  expect(quantile([3, 1, 2], 1)).toBe(3);
  const values = Array.from({ length: 200 }, (_, i) => i);
  expect(quantile(values, 0.99)).toBe(198);
});
