import { Worker } from 'node:worker_threads';
import { afterEach, describe, expect, it } from 'vitest';
import { type BufferRange, whole } from '../contract';
import { DeviceLostError } from '../errors';
import type { CpuDevice } from './device';
import type { ThreadStart } from './module';
import { helperOf, NODE, openCpuInNode, startWorker } from './nodeCpu';
import { openCpu } from './open';
import type { CpuOptions } from './options';

const SIZE = 160;
const devices: CpuDevice[] = [];
afterEach(() => {
  for (const device of devices.splice(0)) device.destroy();
});

async function open(options: CpuOptions): Promise<CpuDevice> {
  const device = await openCpuInNode({ ...options, isWhole: true });
  devices.push(device);
  return device;
}

function upload(device: CpuDevice, data: Float32Array): BufferRange {
  const buffer = device.createBuffer('test', data.byteLength);
  device.write(buffer, data);
  return whole(buffer);
}

/** Ten products one after another, each with several units: y = a · b, then a = y · b, and so on. */
async function compute(device: CpuDevice): Promise<Float32Array> {
  const numbers = (seed: number) => Float32Array.from({ length: SIZE * SIZE }, (_, i) => Math.sin(seed + i * i) / 16);
  const [a, b, y] = [numbers(1), numbers(2), numbers(3)].map((data) => upload(device, data)) as [
    BufferRange,
    BufferRange,
    BufferRange,
  ];
  const product = (from: BufferRange, to: BufferRange) => ({
    label: 'test',
    kernel: { shader: 'matmul_nn' },
    params: {
      ...{ rows: SIZE, columns: SIZE, depth: SIZE, a_stride: SIZE, a_offset: 0, y_stride: SIZE, y_offset: 0 },
      ...{ expert_stride: 0, num_experts: 0 },
    },
    bindings: { a: from, b, y: to },
    workgroups: [1, 1, 1] as const,
  });
  const program = await device.compile(
    'test',
    Array.from({ length: 10 }, (_, i) => (i % 2 === 0 ? product(a, y) : product(y, a))),
  );
  program.submit();
  return device.createReadback().readF32(a);
}

describe('threads that share a program', () => {
  it.each(['simd', 'relaxed', 'scalar'] as const)('give the same bits whatever their number, with %s', async (form) => {
    const alone = await compute(await open({ form, threads: 1 }));
    expect(alone.some((value) => value !== 0 && Number.isFinite(value))).toBe(true);
    for (const threads of [2, 3, 8]) {
      const device = await open({ form, threads });
      expect(device.cpu.threads).toBe(threads);
      expect(await compute(device)).toEqual(alone);
    }
  });

  it('take all that is asked of them at once, from several programs, in order', async () => {
    const device = await open({ threads: 4 });
    const results = await Promise.all([compute(device), compute(device), compute(device)]);
    expect(results[1]).toEqual(results[0]);
    expect(results[2]).toEqual(results[0]);
  });
});

describe('the translation to JavaScript', () => {
  it('gives the bits of the scalar form', async () => {
    const [scalar, javascript] = await Promise.all(
      (['scalar', 'javascript'] as const).map(async (form) => compute(await open({ form, threads: 1 }))),
    );
    expect(javascript?.some((value) => value !== 0 && Number.isFinite(value))).toBe(true);
    expect(javascript).toEqual(scalar);
  });
});

describe('a thread that ends', () => {
  it('is a loss of the device, which says so and answers nothing more', async () => {
    const workers: Worker[] = [];
    const startHelper = (start: ThreadStart) => {
      const worker = startWorker(start);
      workers.push(worker);
      return helperOf(worker);
    };
    const device = await openCpu({ ...NODE, startHelper }, { form: 'simd', threads: 3, isWhole: true });
    devices.push(device);
    await compute(device);
    await workers[0]?.terminate();
    await expect(device.lost).resolves.toBeInstanceOf(DeviceLostError);
    expect(() => device.check()).toThrow('one of its threads ended');
    await expect(compute(device)).rejects.toThrow(DeviceLostError);
  });

  it('before it helped is done without', async () => {
    const startHelper = () => helperOf(new Worker('throw new Error("no file")', { eval: true }));
    const device = await openCpu({ ...NODE, startHelper }, { form: 'simd', threads: 3, isWhole: true });
    devices.push(device);
    const alone = await compute(await open({ form: 'simd', threads: 1 }));
    expect(await compute(device)).toEqual(alone);
    expect(device.cpu.threads).toBe(1);
  });

  it('takes with it what is handed over later and fails', async () => {
    const device = await open({ threads: 1 });
    device.destroy();
    let tries = 0;
    device.queue.push(() => {
      tries++;
      throw new Error('unreachable');
    });
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(tries).toBe(1);
    expect(device.queue.isEmpty).toBe(true);
  });
});
