import { afterAll, describe, expect, test } from 'vitest';
import { type Device, whole } from '../../device/contract';
import type { WebGpuDevice } from '../../device/webgpu/device';
import { openInNode } from '../../device/webgpu/nodeGpu';
import { shaderSources } from '../shaders';
import { matmulTN } from './matmul';
import { ALTERNATIVES_VERSION, ROWS, TILE_ALTERNATIVES } from './productAlternatives';
import { preferFastest, timeAlternatives } from './productTable';

const opened: WebGpuDevice[] = [];
async function open(sources = shaderSources): Promise<WebGpuDevice> {
  const device = await openInNode({ sources: async () => sources });
  opened.push(device);
  return device;
}
afterAll(() => {
  for (const device of opened) device.destroy();
});

function smallProduct(device: Device) {
  const make = (name: string) => whole(device.createBuffer(name, 16 * 16 * 4));
  const operands = { a: make('a'), b: make('b'), y: make('y') };
  const shape = { label: 'test', rows: 16, columnsA: 16, columnsB: 16 };
  const [product] = matmulTN({ ...shape, ...operands }, () => operands.y);
  if (!product?.alternatives) throw new Error('a product of fours has alternatives');
  return { product, subject: product.alternatives.subject };
}

test('a product is timed by every kernel that can make it, and then made by the one that is preferred', async () => {
  const device = await open();
  const { kernels } = device;
  const { product, subject } = smallProduct(device);
  const times = await timeAlternatives(device, product);
  expect([...times.keys()]).toEqual([ROWS, ...TILE_ALTERNATIVES]);
  for (const ms of times.values()) expect(ms).toBeGreaterThan(0);

  preferFastest(device, { version: ALTERNATIVES_VERSION, times: { [subject]: { [ROWS]: 2, 'tile 32×32': 1 } } });
  const asked: string[] = [];
  const get = kernels.get.bind(kernels);
  kernels.get = (spec) => {
    asked.push(spec.shader);
    return get(spec);
  };
  await device.compile('test', [product]);
  expect(asked).toEqual(['matmul_tiled']);
});

describe('where tiles do not compile', () => {
  const workgroup = '@workgroup_size(SIDE, SIDE)';
  const tiled = shaderSources['matmul_tiled.wgsl'] as string;
  const sources = { ...shaderSources, 'matmul_tiled.wgsl': tiled.replace(workgroup, '@workgroup_size(SIDE, 4096)') };

  test('a product is timed without them, and they are noted', async () => {
    expect(tiled).toContain(workgroup);
    const device = await open(sources);
    const { product } = smallProduct(device);
    expect([...(await timeAlternatives(device, product)).keys()]).toEqual([ROWS]);
    const subjects = TILE_ALTERNATIVES.map((name) => `${name} for test`);
    const notes = device.choices.list().filter(({ subject }) => subjects.includes(subject));
    expect(notes.map(({ subject, chosen }) => [subject, chosen])).toEqual(subjects.map((name) => [name, 'none']));
    for (const { reason } of notes) expect(reason).toMatch(/^does not compile: .*4096/);
  });

  test('a product that prefers them is made by rows from then on', async () => {
    const device = await open(sources);
    const { product, subject } = smallProduct(device);
    device.preferences.set(subject, 'tile 64×64');
    const program = await device.compile('test', [product, product]);
    expect(program.numDispatches).toBe(2);
    expect(device.preferences.get(subject)).toBe(ROWS);
    const note = device.choices.list().find((choice) => choice.subject === subject);
    expect(note).toMatchObject({ chosen: ROWS, reason: expect.stringMatching(/^tile 64×64 does not compile: /) });
    program.submit();
    await device.idle();
  });
});
