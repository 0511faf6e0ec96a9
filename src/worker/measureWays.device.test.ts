// Every way to compute that Node has, on a tiny model.
import { describe, expect, it } from 'vitest';
import type { DeviceSources } from '../device/chooseDevice';
import type { Device } from '../device/contract';
import { SimdMissingError } from '../device/errors';
import { openCpuInNode } from '../device/wasm/nodeCpu';
import type { CpuOptions } from '../device/wasm/options';
import type { MeasuredWay } from '../protocol/protocol';
import { createNodeSandbox } from '../sandbox/nodeSandbox';
import { tinyFolder } from '../testing/tinyFolder';
import { measureWays } from './measureWays';

/** What was told last of each way, and how many of the devices were destroyed. */
async function measure(openCpu: (options?: CpuOptions) => Promise<Device>, findGpu: DeviceSources['findGpu'] = noGpu) {
  const told: MeasuredWay[] = [];
  const opened: Device[] = [];
  const opening = async (options?: CpuOptions) => {
    const device = await openCpu(options);
    opened.push(device);
    return device;
  };
  await measureWays({ openCpu: opening, findGpu }, createNodeSandbox(), tinyFolder(), {
    inTurn: (work) => work(),
    tell: (measured) => told.push(measured),
  });
  for (const device of opened) await expect(device.idle()).rejects.toThrow('given up');
  const last = new Map(told.map((measured) => [measured.way, measured]));
  return { told, last };
}

const noGpu = () => Promise.reject(new Error('No adapter.'));
const onTwoThreads = (options: CpuOptions = {}) => openCpuInNode({ threads: 2, ...options });

describe('the ways to compute', () => {
  it('are measured one after another, first the product, then the decode step, and agree', async () => {
    const { told, last } = await measure(onTwoThreads);
    expect([...last.keys()]).toEqual(['javascript', 'scalar', 'simd', 'relaxed', 'threads', 'gpu']);
    for (const way of ['javascript', 'scalar', 'simd', 'relaxed'] as const) {
      const [product, both] = told.filter((measured) => measured.way === way);
      expect(product).toMatchObject({ threads: 1, gflops: expect.any(Number) });
      expect(product).not.toHaveProperty('tokensPerSecond');
      expect(both).toEqual({ ...product, tokensPerSecond: expect.any(Number) });
      expect(both?.tokensPerSecond).toBeGreaterThan(0);
    }
    expect(last.get('threads')).toMatchObject({ threads: 2, gflops: expect.any(Number) });
    expect(last.get('gpu')).toEqual({ way: 'gpu', fault: { kind: 'noGpu' } });
    // Four numbers at a time are never as slow as one in JavaScript, however busy the machine.
    expect(last.get('simd')?.gflops).toBeGreaterThan(last.get('javascript')?.gflops ?? Number.POSITIVE_INFINITY);
  });

  it('that are not there, fail or compute something wrong say so, and leave the others alone', async () => {
    const openCpu = async (options: CpuOptions = {}) => {
      if (options.form === 'javascript') throw new Error('the file is gone');
      if (options.form === 'relaxed') throw new SimdMissingError('No relaxed SIMD.', 'Update.');
      const device = await openCpuInNode({ ...options, threads: 1 });
      return options.form === 'simd' ? miscalculating(device) : device;
    };
    const { last } = await measure(openCpu, async () => ({ name: 'lost', isSoftware: false, open: noGpu }));
    expect(last.get('javascript')?.fault).toEqual({ kind: 'failed', fault: 'the file is gone' });
    expect(last.get('scalar')).toMatchObject({ tokensPerSecond: expect.any(Number) });
    expect(last.get('simd')).toMatchObject({ fault: { kind: 'wrong' } });
    expect(last.get('simd')).not.toHaveProperty('gflops');
    expect(last.get('relaxed')?.fault).toEqual({ kind: 'unknownInstructions' });
    expect(last.get('threads')?.fault).toEqual({ kind: 'oneThread', limit: 'asked' });
    expect(last.get('gpu')?.fault).toEqual({ kind: 'failed', fault: 'No adapter.' });
  });
});

/** The device, with numbers that are a hundredth too large. */
function miscalculating(device: Device): Device {
  const { createReadback } = device;
  device.createReadback = () => {
    const readback = createReadback.call(device);
    const { readF32 } = readback;
    readback.readF32 = async (range) => (await readF32.call(readback, range)).map((x) => x * 1.01);
    return readback;
  };
  return device;
}
