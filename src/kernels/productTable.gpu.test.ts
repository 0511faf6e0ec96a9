import { afterAll, beforeAll, expect, test } from 'vitest';
import { Device, whole } from '../gpu/device';
import { KernelCache } from '../gpu/kernel';
import { createNodeGpu } from '../gpu/nodeGpu';
import { Program } from '../gpu/program';
import { matmulTN } from './matmul';
import { preferFastest, timeVariants } from './productTable';
import { ROWS, TILE_VARIANTS, VARIANTS_VERSION } from './productVariants';
import { shaderSources } from './shaders';

let device: Device;
beforeAll(async () => {
  device = await Device.open(await createNodeGpu());
});
afterAll(() => device.destroy());

test('a product is timed by every kernel that can make it, and then made by the one that is preferred', async () => {
  const kernels = new KernelCache(device, shaderSources);
  const make = (name: string) => whole(device.createBuffer(name, 16 * 16 * 4));
  const operands = { a: make('a'), b: make('b'), y: make('y') };
  const shape = { label: 'test', rows: 16, columnsA: 16, columnsB: 16 };
  const [product] = matmulTN({ ...shape, ...operands }, () => operands.y);
  if (!product?.alternatives) throw new Error('a product of fours has alternatives');
  const times = await timeVariants(kernels, product);
  expect([...times.keys()]).toEqual([ROWS, ...TILE_VARIANTS]);
  for (const ms of times.values()) expect(ms).toBeGreaterThan(0);

  const { subject } = product.alternatives;
  preferFastest(kernels, { version: VARIANTS_VERSION, times: { [subject]: { [ROWS]: 2, 'tile 32×32': 1 } } });
  const asked: string[] = [];
  const get = kernels.get.bind(kernels);
  kernels.get = (spec) => {
    asked.push(spec.shader);
    return get(spec);
  };
  await Program.compile(kernels, 'test', [product]);
  expect(asked).toEqual(['matmul_tiled']);
});
