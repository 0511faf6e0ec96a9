// A device that never answers, at each of the places where it is waited for.
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { DeviceSilentError } from '../errors';
import { Answers, OPEN_LIMIT_MS, WORK_LIMIT_MS, withinLimit } from '../patience';
import type { WebGpuDevice } from './device';
import { findAdapter } from './find';

// It is loaded in real time, of which there is none later.
beforeAll(() => import('./device'));
beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
});

const never = () => new Promise<never>(() => {});
const limits = {
  maxStorageBuffersPerShaderStage: 8,
  maxBufferSize: 1e9,
  maxStorageBufferBindingSize: 1e9,
  minUniformBufferOffsetAlignment: 256,
};

/** An adapter whose device answers nothing of what `silent` names. */
function fakeGpu(silent: ReadonlySet<string>): GPU {
  const answer = <T>(name: string, value: T) => (silent.has(name) ? never() : Promise.resolve(value));
  const buffer = (size: number) => ({
    ...{ label: '', size, destroy: () => {}, unmap: () => {} },
    mapAsync: () => answer('mapAsync', undefined),
    getMappedRange: () => new ArrayBuffer(size),
  });
  const device = {
    ...{ limits, features: new Set(), lost: never(), addEventListener: () => {} },
    pushErrorScope: () => {},
    popErrorScope: () => answer('popErrorScope', null),
    createBuffer: ({ size }: GPUBufferDescriptor) => buffer(size),
    createCommandEncoder: () => ({ copyBufferToBuffer: () => {}, finish: () => ({}) }),
    createShaderModule: () => ({ getCompilationInfo: () => answer('getCompilationInfo', { messages: [] }) }),
    createComputePipelineAsync: () => answer('createComputePipelineAsync', {}),
    queue: { submit: () => {}, onSubmittedWorkDone: () => answer('onSubmittedWorkDone', undefined) },
  };
  const adapter = { limits, features: new Set(), info: {}, requestDevice: () => answer('requestDevice', device) };
  return { requestAdapter: () => answer('requestAdapter', adapter) } as unknown as GPU;
}

const SOURCE = '@group(0) @binding(1) var<storage> x: array<f32>;\n@compute @workgroup_size(1) fn main() {}';
const open = async (...silent: string[]) =>
  (await findAdapter(fakeGpu(new Set(silent)), { sources: async () => ({ 'a.wgsl': SOURCE }) })).open();

const WAITS: Record<string, (device: WebGpuDevice) => Promise<unknown>> = {
  mapAsync: (device) => device.createReadback().read([{ buffer: device.createBuffer('x', 16), offset: 0, size: 16 }]),
  onSubmittedWorkDone: (device) => device.idle(),
  popErrorScope: (device) => device.guardMemory(() => 1),
  createComputePipelineAsync: (device) => device.kernels.get({ shader: 'a' }).pipeline,
};

/** How a promise ends by the time that so many milliseconds have passed. */
async function endAfter(promise: Promise<unknown>, ms: number): Promise<unknown> {
  let end: unknown = 'waiting';
  promise.then(
    () => {
      end = 'answered';
    },
    (error) => {
      end = error;
    },
  );
  await vi.advanceTimersByTimeAsync(ms);
  return end;
}

describe('a device that does not answer', () => {
  it.each(['requestAdapter', 'requestDevice'])('%s is an error after a limit', async (name) => {
    expect(await endAfter(open(name), OPEN_LIMIT_MS - 2000)).toBe('waiting');
    const error = await endAfter(open(name), OPEN_LIMIT_MS + 2000);
    expect(error).toBeInstanceOf(DeviceSilentError);
  });

  it.each(Object.entries(WAITS))('%s is an error after a limit, and is none where it answers', async (name, wait) => {
    const silent = await open(name);
    const error = await endAfter(wait(silent), WORK_LIMIT_MS + 5000);
    expect(error).toBeInstanceOf(DeviceSilentError);
    expect((error as DeviceSilentError).userMessage).toMatch(/has not answered for 5 minutes; .* was waited for/);
    expect(await endAfter(wait(await open()), 1000)).toBe('answered');
  });
});

describe('a wait', () => {
  it('goes on as long as the device answers anything, however long it takes', async () => {
    const answers = new Answers();
    const slow = withinLimit(never(), 'work', 10_000, answers);
    const beat = setInterval(() => {
      answers.count++;
    }, 6000);
    expect(await endAfter(slow, 120_000)).toBe('waiting');
    clearInterval(beat);
    expect(await endAfter(slow, 20_000)).toBeInstanceOf(DeviceSilentError);
  });

  it('does not count the time in which the machine slept', async () => {
    vi.spyOn(performance, 'now').mockImplementation(() => Date.now());
    const wait = withinLimit(never(), 'work', 10_000);
    vi.setSystemTime(Date.now() + 3_600_000);
    expect(await endAfter(wait, 5000)).toBe('waiting');
  });

  it('leaves no timer behind', async () => {
    await withinLimit(Promise.resolve(1), 'work', 10_000);
    await expect(withinLimit(Promise.reject(new Error('no')), 'work', 10_000)).rejects.toThrow('no');
    expect(vi.getTimerCount()).toBe(0);
  });
});
