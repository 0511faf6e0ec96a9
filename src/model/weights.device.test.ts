// Weights that a device has no room for.
import { expect, it, vi } from 'vitest';
import { OutOfMemoryError } from '../device/errors';
import { setUpRuntime } from '../testing/tinyModel';
import { parameterShapes } from './parameterShapes';
import { presetModel } from './presets';
import { Weights } from './weights';

const runtime = setUpRuntime();

it('are refused before any of them is read, and leave nothing on the device', async ({ skip }) => {
  const { device } = runtime();
  // Another device might have it, and then computers would run out of memory instead.
  if (!/SwiftShader/.test(device.name)) return skip('only SwiftShader is known to have no room for its largest buffer');
  // The embedding and the norm that lies beside it fill a buffer to the last byte.
  const width = 128;
  const vocabulary = device.limits.maxBufferSize / 4 / width - 1;
  const { architecture } = presetModel('tiny', vocabulary, { hidden_size: width, tie_word_embeddings: true });
  const read = vi.fn();
  const shapes = parameterShapes(architecture);
  const tensors = new Map([...shapes].map(([name, shape]) => [name, { dtype: 'F32' as const, shape, read }]));
  const before = device.memory.bytes;
  await expect(Weights.upload(device, architecture, tensors, true)).rejects.toThrow(OutOfMemoryError);
  expect(read).not.toHaveBeenCalled();
  expect(device.memory.bytes).toBe(before);
  // The device is as good as before.
  const buffer = await device.guardMemory(() => device.createBuffer('test', 1024));
  await device.idle();
  device.destroyBuffer(buffer);
  expect(device.memory.bytes).toBe(before);
});

it('leave nothing where allocating fails midway', async () => {
  const { device } = runtime();
  const before = device.memory.bytes;
  const failing = device.guardMemory(() => {
    device.createBuffer('test', 1024);
    throw new Error('no more');
  });
  await expect(failing).rejects.toThrow('no more');
  expect(device.memory.bytes).toBe(before);
  await device.idle();
});
