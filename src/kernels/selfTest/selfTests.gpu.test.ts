import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Dispatch, inHalfPrecision, type KernelSpec, kernelKey } from '../../device/dispatch';
import type { WebGpuDevice } from '../../device/webgpu/device';
import { KernelCache } from '../../device/webgpu/kernel';
import { openInNode } from '../../device/webgpu/nodeGpu';
import { VariantTests } from '../../device/webgpu/variants';
import { attention, attentionBackwardKv, attentionBackwardQ, groupedShape, latentShape } from '../attention/attention';
import { mlaDecode } from '../attention/mlaDecode';
import { decodeLinear } from '../matmul/decodeLinear';
import { matmulNN, matmulNT, matmulTN } from '../matmul/matmul';
import { shaderSources } from '../shaders';
import { rowReductionTests } from './rowReduction';
import { selfTests } from './selfTests';

let device: WebGpuDevice;
beforeAll(async () => {
  device = await openInNode({ sources: async () => shaderSources });
});
afterAll(() => device.destroy());

/** A cache whose shaders were tampered with, if asked. */
function cacheOf(sources = shaderSources): KernelCache {
  return new KernelCache(device, sources, new VariantTests(device, selfTests));
}

/**
 * Kernels whose tests are made for their widths: those of the shipped models, of wide ones, and widths that four does
 * not divide.
 */
function shared(): KernelSpec[] {
  const [a, b, y] = [null, null, null];
  const products = [28, 60, 124, 252].flatMap((columns) => {
    const p = { label: 'test', rows: 64, columns, depth: 64, a, b, y };
    const outer = { label: 'test', rows: 4096, columnsA: 64, columnsB: columns, a, b, y };
    const segments = { numExperts: 3, offsets: null, counts: null };
    const sums = [outer, { ...outer, rows: 64 }, { ...outer, segments }, { ...outer, columnsA: 12 }];
    const [grouping, gather] = [
      { numExperts: 3, tileExpert: null, offsets: null, counts: null },
      { rowOf: null, slotsPerRow: 2 },
    ];
    return [
      matmulNT(p),
      matmulNN(p),
      matmulNT({ ...p, addend: y }),
      matmulNN({ ...p, addend: y }),
      matmulNT({ ...p, grouping, gather }),
      matmulNT({ ...p, grouping }),
      matmulNN({ ...p, grouping }),
      ...[...sums, { ...outer, segments, gather }].flatMap((sum) => matmulTN(sum, () => null).slice(0, 1)),
    ];
  });
  const unbound = {} as never;
  const common = { rows: 64, heads: 2, scale: 1 };
  const attentions = [
    latentShape({ ...common, nope: 16, rope: 8, value: 16 }),
    latentShape({ ...common, nope: 12, rope: 4, value: 8 }),
    latentShape({ ...common, nope: 32, rope: 16, value: 32 }),
    latentShape({ ...common, nope: 8, rope: 4, value: 8, window: 5 }),
    groupedShape({ ...common, kvHeads: 1, width: 32 }),
    groupedShape({ ...common, kvHeads: 2, width: 16, window: 5 }),
  ].flatMap((shape) => [attention, attentionBackwardQ, attentionBackwardKv].map((make) => make(shape, unbound)));
  const decodeAttentions = [
    { rows: 1, maxKeys: 1024, rank: 32, rope: 8 },
    { rows: 64, maxKeys: 64, rank: 32, rope: 8 },
    { rows: 64, maxKeys: 64, rank: 64, rope: 16 },
    { rows: 64, maxKeys: 64, rank: 20, rope: 4 },
  ].map((widths) => {
    const shape = { ...widths, heads: 4, nope: 16, value: 16, scale: 1, qStride: 96, kvStride: 40, kvOffset: 0 };
    const rest = { isInterleaved: true, norm: { at: 0, epsilon: 1e-6 }, at: 0 };
    return mlaDecode({ ...shape, ...rest }, unbound)[1] as Dispatch<never>;
  });
  const projections = [
    { columns: 136, norm: { at: 0, epsilon: 1e-6 } },
    { columns: 64, residual: y },
    { columns: 120, biasAt: 0 },
    { columns: 29, norm: { at: 0, epsilon: 1e-6 }, depth: 30 },
  ].map(({ columns, biasAt, residual, depth = 32, ...norm }) =>
    decodeLinear(
      'test',
      { rows: 64, depth, matrices: [{ columns, at: 0, biasAt }], ...norm },
      { pool: a, x: b, y, ...(residual === null && { residual }) },
    ),
  );
  const byExpert = { experts: { numExperts: 3, slotsPerRow: 2 }, rows: 64, depth: 32 };
  const [gateUp, down] = [
    { columns: 128, at: 0 },
    { columns: 64, at: 0 },
  ] as const;
  const norm = { at: 0, epsilon: 1e-6 };
  const given = { pool: a, x: b, y };
  projections.push(
    decodeLinear('test', { rows: 64, depth: 32, matrices: [gateUp], norm, isGated: true }, given),
    decodeLinear(
      'test',
      { ...byExpert, matrices: [gateUp], norm, isGated: true },
      { ...given, tile_expert: a, row_of: b },
    ),
    decodeLinear('test', { ...byExpert, matrices: [down] }, { ...given, tile_expert: a }),
    decodeLinear('test', { rows: 64, depth: 32, matrices: [down] }, { ...given, num_live: a }),
  );
  return [
    ...projections,
    ...projections.map(inHalfPrecision),
    ...products,
    ...products.slice(0, 7).map(inHalfPrecision),
    ...attentions,
    ...decodeAttentions,
  ].map(({ kernel }) => kernel);
}

const kernels = [...rowReductionTests().map(({ kernel }) => kernel), ...shared()];
const specs = [...new Map(kernels.map((spec) => [kernelKey(spec), spec])).values()];
/** The seam through which a variant's members see each other. */
const SHUFFLE = 'return subgroupShuffleXor(value, distance);';

describe('variants', () => {
  test.for(specs)('%o passes its self-test where there are subgroups', async (spec, { skip }) => {
    const { features } = device;
    if (spec.conditions?.half && !features.has('shader-f16')) return skip('this device has no shader-f16');
    const hasSubgroups = features.has('subgroups');
    if (!hasSubgroups) console.warn('this device has no subgroups: the portable version is taken');
    const cache = cacheOf();
    const taken = await cache.get(spec).pipeline;
    const { variant: _, ...portable } = spec;
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
  ])('a variant that $fault is dropped, and said to be', async ({ to, reason }) => {
    if (!device.features.has('subgroups')) return;
    const cache = cacheOf(change(to));
    const [spec] = specs as [(typeof specs)[number]];
    const { variant: _, ...portable } = spec;
    expect(await cache.get(spec).pipeline).toBe(await cache.get(portable).pipeline);
    const choice = device.choices.list().find(({ subject }) => subject.startsWith(`subgroups in ${spec.shader}`));
    expect(choice).toMatchObject({ chosen: 'portable', reason: expect.stringMatching(reason) });
    device.check();
  });
});
