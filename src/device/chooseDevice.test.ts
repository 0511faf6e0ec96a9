import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { chooseDevice, DEVICE_WISHES, type DeviceSources, type FoundGpu, openFirst } from './chooseDevice';
import type { Device } from './contract';
import { NoDeviceError, WebGpuMissingError } from './errors';

const device = (name: string) => ({ name }) as Device;
const broken = (what: string) => async () => {
  throw new Error(`No ${what}.`);
};

type Gpu = 'real' | 'software' | 'missing' | 'broken';
type Cpu = 'there' | 'missing';

function machine(gpu: Gpu, cpu: Cpu) {
  const found: FoundGpu = {
    name: gpu,
    isSoftware: gpu === 'software',
    open: gpu === 'broken' ? broken('room') : async () => device('gpu'),
  };
  return {
    findGpu: vi.fn<DeviceSources['findGpu']>(async () => {
      if (gpu === 'missing') throw new WebGpuMissingError('No adapter.', 'Take another browser.');
      return found;
    }),
    openCpu: vi.fn<DeviceSources['openCpu']>(cpu === 'missing' ? broken('SIMD') : async () => device('cpu')),
  };
}

describe('left to the rule', () => {
  it.each([
    ['real', 'there', 'gpu', { kind: 'realGpu' }],
    ['real', 'missing', 'gpu', { kind: 'realGpu' }],
    ['software', 'there', 'cpu', { kind: 'softwareGpu', adapter: 'software' }],
    ['missing', 'there', 'cpu', { kind: 'noGpu', fault: 'No adapter. Take another browser.' }],
    ['broken', 'there', 'cpu', { kind: 'noGpu', fault: 'No room.' }],
    ['software', 'missing', 'gpu', { kind: 'noCpu', fault: 'No SIMD.' }],
  ] as const)('a GPU that is %s and a processor that is %s: the %s', async (gpu, cpu, name, why) => {
    expect(await chooseDevice('auto', machine(gpu, cpu))).toEqual({ device: { name }, why });
  });

  it.each(['missing', 'broken'] as const)('a GPU that is %s and no processor: both are said', async (gpu) => {
    const choice = chooseDevice('auto', machine(gpu, 'missing'));
    await expect(choice).rejects.toThrow(NoDeviceError);
    await expect(choice).rejects.toThrow(gpu === 'missing' ? /No adapter\..*No SIMD\./ : /No room\..*No SIMD\./);
  });
});

describe('what is there first', () => {
  it('is the processor, opened once; then the rule decides', async () => {
    await fc.assert(
      fc.asyncProperty(fc.constantFrom<Gpu>('real', 'software', 'missing', 'broken'), async (gpu) => {
        const sources = machine(gpu, 'there');
        const { device: first, why, settle } = await openFirst('auto', sources);
        expect([first, why]).toEqual([{ name: 'cpu' }, { kind: 'first' }]);
        expect(sources.findGpu).not.toHaveBeenCalled();
        const settled = await settle?.();
        expect(settled).toEqual(await chooseDevice('auto', machine(gpu, 'there')));
        expect(settled?.device === first).toBe(gpu !== 'real');
        expect(sources.openCpu).toHaveBeenCalledOnce();
      }),
    );
  });

  it('is the only one there is, or the one that is asked for', async () => {
    expect(await openFirst('auto', machine('software', 'missing'))).toMatchObject({ why: { kind: 'noCpu' } });
    expect(await openFirst('gpu', machine('real', 'there'))).toEqual({
      device: { name: 'gpu' },
      why: { kind: 'asked' },
    });
    await expect(openFirst('auto', machine('missing', 'missing'))).rejects.toThrow(NoDeviceError);
  });
});

describe('what is asked for', () => {
  const [gpus, cpus] = [
    fc.constantFrom<Gpu>('real', 'software', 'missing', 'broken'),
    fc.constantFrom<Cpu>('there', 'missing'),
  ];

  it('is opened, or why it cannot be is thrown; the other is not looked at', async () => {
    await fc.assert(
      fc.asyncProperty(fc.constantFrom('cpu', 'gpu'), gpus, cpus, async (wish, gpu, cpu) => {
        const sources = machine(gpu, cpu);
        const isThere = wish === 'cpu' ? cpu === 'there' : gpu === 'real' || gpu === 'software';
        const choice = chooseDevice(wish, sources);
        if (isThere) expect(await choice).toEqual({ device: { name: wish }, why: { kind: 'asked' } });
        else await expect(choice).rejects.toThrow(/^No /);
        expect(wish === 'cpu' ? sources.findGpu : sources.openCpu).not.toHaveBeenCalled();
      }),
    );
  });

  it('looks for neither device twice', async () => {
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...DEVICE_WISHES), gpus, cpus, async (wish, gpu, cpu) => {
        const sources = machine(gpu, cpu);
        await chooseDevice(wish, sources).catch(() => undefined);
        expect(sources.openCpu.mock.calls.length).toBeLessThanOrEqual(1);
        expect(sources.findGpu.mock.calls.length).toBeLessThanOrEqual(1);
      }),
    );
  });
});
