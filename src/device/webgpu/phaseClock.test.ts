import { expect, it, onTestFinished, vi } from 'vitest';
import { PhaseClock, quantile } from './phaseClock';

/** A device whose timestamps are the given pairs, in nanoseconds. */
function device(hasTimestamps: boolean) {
  const encoder = { resolveQuerySet: vi.fn() };
  const gpu = {
    features: new Set(hasTimestamps ? ['timestamp-query'] : []),
    createQuerySet: () => ({}),
    createBuffer: ({ size }: { size: number }) => ({ size }),
  };
  return { gpu: gpu as unknown as GPUDevice, encoder: encoder as unknown as GPUCommandEncoder };
}

const times = (...values: bigint[]) => new BigUint64Array(values).buffer;

it('adds up the passes of each phase, also of phases that were left before the timestamps were read', () => {
  const { gpu, encoder } = device(true);
  const clock = new PhaseClock(gpu);
  clock.restart();
  clock.enter('decode');
  clock.countRun(30);
  clock.countTokens(8);
  clock.timeSubmit(() => {});
  expect(clock.stampPass()).toMatchObject({ beginningOfPassWriteIndex: 0, endOfPassWriteIndex: 1 });
  expect(clock.stampPass()).toMatchObject({ beginningOfPassWriteIndex: 2, endOfPassWriteIndex: 3 });
  expect(clock.enter('update')).toBe('decode');
  clock.countRun(4);
  clock.stampPass();
  expect(clock.resolve(encoder)).toBeUndefined();
  clock.settle();
  const stamps = clock.resolve(encoder);
  expect(stamps?.range.size).toBe(48);
  stamps?.take(times(0n, 1_000_000n, 5_000_000n, 7_000_000n, 7_000_000n, 7_500_000n));
  const { phases, submitMaxMs, submitP99Ms } = clock.read();
  expect(phases).toMatchObject([
    { phase: 'decode', gpuMs: 3, runs: 1, dispatches: 30, submits: 1, tokens: 8 },
    { phase: 'update', gpuMs: 0.5, runs: 1, dispatches: 4, submits: 0, tokens: 0 },
  ]);
  expect(submitMaxMs).toBe(submitP99Ms);
});

/** A clock whose hands stand where `at` says. */
function clockAt(gpu: GPUDevice) {
  let now = 0;
  const time = vi.spyOn(performance, 'now').mockImplementation(() => now);
  const at = <T>(ms: number, act: () => T): T => {
    now = ms;
    return act();
  };
  onTestFinished(() => time.mockRestore());
  return { clock: new PhaseClock(gpu), at };
}

it('lets one run in so many stand for the others', () => {
  const { gpu, encoder } = device(true);
  const { clock, at } = clockAt(gpu);
  clock.restart();
  clock.enter('decode', 4);
  clock.timeSubmit(() => {});
  const stamped = Array.from({ length: 7 }, () => {
    clock.countRun(10);
    return clock.stampPass() !== undefined;
  });
  expect(stamped).toEqual([false, false, true, false, false, false, true]);
  clock.settle();
  clock.resolve(encoder)?.take(times(0n, 1_000_000n, 0n, 3_000_000n));
  expect(at(20, () => clock.read()).phases[0]).toMatchObject({ gpuMs: 14, runs: 7, dispatches: 70 });
});

it('says of no phase that it took longer than the device had something to do', () => {
  const { gpu, encoder } = device(true);
  const { clock, at } = clockAt(gpu);
  clock.restart();
  clock.enter('prefill');
  const submit = at(2, () => clock.timeSubmit(() => {}));
  clock.countRun(5);
  clock.stampPass();
  for (const phase of ['decode', 'scoring']) {
    clock.enter(phase, 4);
    for (let run = 0; run < 8; run++) {
      clock.countRun(10);
      clock.stampPass();
    }
  }
  clock.settle();
  const inMs = (...lengths: number[]) => times(...lengths.flatMap((ms) => [0n, BigInt(ms * 1e6)]));
  clock.resolve(encoder)?.take(inMs(1, 2, 3, 1, 1));
  // By its timed runs decoding would have taken 20 ms and scoring 8, where there were 18 ms for all three.
  at(20, () => clock.finish(submit));
  const { phases, elapsedMs, idleMs } = at(24, () => clock.read());
  expect(phases.map(({ gpuMs }) => gpuMs)).toEqual([1, 5 + 15 * (10 / 21), 2 + 6 * (10 / 21)]);
  expect(phases.reduce((sum, { gpuMs }) => sum + (gpuMs ?? 0), 0)).toBeCloseTo(elapsedMs - idleMs, 9);
});

it('credits a phase with time that ran on while the next was under way', () => {
  const clock = new PhaseClock(device(false).gpu);
  clock.restart();
  clock.enter('prefill');
  clock.enter('decode');
  clock.credit('prefill', 1000);
  const [prefill, decode] = clock.read().phases;
  expect(prefill?.wallMs).toBeGreaterThanOrEqual(1000);
  expect(decode?.wallMs).toBeLessThan(0);
});

it('takes what a phase waited for another’s work for the other’s', () => {
  const { gpu, encoder } = device(true);
  const { clock, at } = clockAt(gpu);
  clock.restart();
  const submit = (phase: string) => {
    clock.enter(phase);
    clock.countRun(1);
    clock.stampPass();
    return clock.timeSubmit(() => {});
  };
  at(0, () => submit('scoring'));
  at(5, () => submit('update'));
  const last = at(10, () => submit('optimizer'));
  at(11, () => clock.enter('update'));
  clock.settle();
  const inMs = (...lengths: number[]) => times(...lengths.flatMap((ms) => [0n, BigInt(ms * 1e6)]));
  clock.resolve(encoder)?.take(inMs(30, 60, 2));
  at(100, () => clock.finish(last));
  const { phases } = at(104, () => clock.read());
  expect(phases.map(({ phase, wallMs }) => [phase, wallMs])).toEqual([
    ['scoring', 30],
    ['update', 104 - 30 - 2],
    ['optimizer', 2],
  ]);
});

it('leaves time by the clock where it was spent if the device does not tell whose it was', () => {
  const { clock, at } = clockAt(device(false).gpu);
  clock.restart();
  clock.enter('scoring');
  const submit = clock.timeSubmit(() => {});
  at(5, () => clock.enter('update'));
  at(50, () => clock.finish(submit));
  expect(at(60, () => clock.read()).phases).toMatchObject([{ wallMs: 5 }, { wallMs: 55 }]);
});

it('says nothing of device time where timestamps are not home, or where there are none', () => {
  const { gpu } = device(true);
  const late = new PhaseClock(gpu);
  late.restart();
  late.enter('decode');
  late.stampPass();
  expect(late.read().phases[0]?.gpuMs).toBeUndefined();
  const blind = new PhaseClock(device(false).gpu);
  blind.restart();
  blind.enter('decode');
  expect(blind.stampPass()).toBeUndefined();
  expect(blind.bytes).toBe(0);
  expect(blind.read().phases[0]?.gpuMs).toBeUndefined();
});

it('tells how long nothing was submitted that is not known to be done', () => {
  const { clock, at } = clockAt(device(false).gpu);
  at(10, () => clock.restart());
  const first = at(13, () => clock.timeSubmit(() => {}));
  const second = at(20, () => clock.timeSubmit(() => {}));
  // The first is done, the second is not.
  at(30, () => clock.finish(first));
  at(50, () => clock.finish(second));
  const third = at(54, () => clock.timeSubmit(() => {}));
  at(60, () => clock.finish(third));
  expect(at(61, () => clock.read())).toMatchObject({ elapsedMs: 51, idleMs: 3 + 4 + 1 });
  at(100, () => clock.restart());
  expect(at(102, () => clock.read()).idleMs).toBe(2);
});

it('has timestamps taken home in the midst of long work, and rests when nothing is measured', () => {
  const { gpu, encoder } = device(true);
  const clock = new PhaseClock(gpu);
  clock.enter('decode');
  expect(clock.stampPass()).toBeUndefined();
  clock.restart();
  clock.enter('decode');
  for (let i = 0; i < 512; i++) clock.stampPass();
  expect(clock.resolve(encoder)).toBeUndefined();
  clock.stampPass();
  expect(clock.resolve(encoder)?.range.size).toBe(513 * 16);
  expect(clock.stampPass()).toMatchObject({ beginningOfPassWriteIndex: 0 });
});

it('a quantile is a value of the list', () => {
  expect(quantile([], 0.99)).toBe(0);
  expect(quantile([3, 1, 2], 1)).toBe(3);
  expect(
    quantile(
      Array.from({ length: 200 }, (_, i) => i),
      0.99,
    ),
  ).toBe(198);
});
