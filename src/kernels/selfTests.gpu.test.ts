import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Device } from '../gpu/device';
import { KernelCache, kernelKey } from '../gpu/kernel';
import { createNodeGpu } from '../gpu/nodeGpu';
import { Twins } from '../gpu/twins';
import { selfTests } from './selfTests';
import { shaderSources } from './shaders';

let device: Device;
beforeAll(async () => {
  device = await Device.open(await createNodeGpu());
});
afterAll(() => device.destroy());

/** A cache whose shaders were tampered with, if asked. */
function kernels(sources = shaderSources): KernelCache {
  return new KernelCache(device, sources, new Twins(device, selfTests));
}

const specs = [...new Map(selfTests().map(({ kernel }) => [kernelKey(kernel), kernel])).values()];
/** The seam through which a twin's members see each other. */
const SHUFFLE = 'return subgroupShuffleXor(value, distance);';

describe('twins', () => {
  test.for(specs)('%o passes its self-test where there are subgroups', async (spec, { skip }) => {
    const { features } = device.gpu;
    if (spec.conditions?.half && !features.has('shader-f16')) return skip('this device has no shader-f16');
    const hasSubgroups = features.has('subgroups');
    if (!hasSubgroups) console.warn('this device has no subgroups: the portable version is taken');
    const cache = kernels();
    const taken = await cache.get(spec).pipeline;
    const { twin: _, ...portable } = spec;
    expect(taken !== (await cache.get(portable).pipeline)).toBe(hasSubgroups);
    expect(device.choices.list().filter(({ reason }) => /fail/.test(reason))).toEqual([]);
    device.check();
  });

  const change = (to: string) => {
    const text = shaderSources['lib/reduce.wgsl'] as string;
    if (!text.includes(SHUFFLE)) throw new Error('lib/reduce.wgsl has another form now: tamper with it elsewhere');
    return { ...shaderSources, 'lib/reduce.wgsl': text.replace(SHUFFLE, to) };
  };
  test.runIf(specs.length > 0).each([
    {
      fault: 'adds the wrong neighbour',
      to: 'return subgroupShuffleXor(value, distance ^ 1u);',
      reason: /failed: .* is .* for/,
    },
    {
      fault: 'is a NaN',
      to: 'return bitcast<vec2f>(vec2u(0x7fc00000u + distance)) + value;',
      reason: /failed: .* is NaN for/,
    },
    { fault: 'does not compile', to: 'return subgroupShuffleXor(value);', reason: /failed: .*did not compile/ },
  ])('a twin that $fault is dropped, and said to be', async ({ to, reason }) => {
    if (!device.gpu.features.has('subgroups')) return;
    const cache = kernels(change(to));
    const [spec] = specs as [(typeof specs)[number]];
    const { twin: _, ...portable } = spec;
    expect(await cache.get(spec).pipeline).toBe(await cache.get(portable).pipeline);
    const choice = device.choices.list().find(({ subject }) => subject.startsWith(`subgroups in ${spec.shader}`));
    expect(choice).toMatchObject({ chosen: 'portable', reason: expect.stringMatching(reason) });
    device.check();
  });
});
