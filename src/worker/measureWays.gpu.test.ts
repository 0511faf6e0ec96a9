// The way to compute that a graphics device is.
import { expect, it } from 'vitest';
import { findInNode } from '../device/webgpu/nodeGpu';
import { SHADERS } from '../engine/runtime';
import type { MeasuredWay } from '../protocol/protocol';
import { createNodeSandbox } from '../sandbox/nodeSandbox';
import { tinyFolder } from '../testing/tinyFolder';
import { measureWays } from './measureWays';

it('is measured as the others are, on a device of its own', async () => {
  const told: MeasuredWay[] = [];
  await measureWays(
    {
      openCpu: () => Promise.reject(new Error('not asked for')),
      findGpu: () => findInNode(SHADERS),
    },
    createNodeSandbox(),
    tinyFolder(),
    { inTurn: (work) => work(), tell: (measured) => told.push(measured) },
  );
  const [product, both] = told.filter(({ way }) => way === 'gpu');
  expect(product).toEqual({
    way: 'gpu',
    adapter: expect.any(String),
    isSoftware: expect.any(Boolean),
    gflops: expect.any(Number),
  });
  expect(both).toEqual({ ...product, tokensPerSecond: expect.any(Number) });
});
