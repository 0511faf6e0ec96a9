import { expect, it } from 'vitest';
import type { Device } from '../device/contract';
import { SlotPool } from './slotPool';

/** A device that hands out sizes for buffers. */
function pool() {
  const held = new Set<{ size: number }>();
  const device = {
    createBuffer: (_label: string, size: number) => {
      const buffer = { size };
      held.add(buffer);
      return buffer;
    },
    destroyBuffer: (buffer: { size: number }) => held.delete(buffer),
  };
  return { slots: new SlotPool(device as unknown as Device, 'test'), held };
}

it('gives a smaller program the memory of a larger one, and no buffer to two of its slots', () => {
  const { slots, held } = pool();
  expect(slots.take([100, 400, 200]).map(({ size }) => size)).toEqual([100, 400, 200]);
  const taken = slots.take([150, 90, 150]);
  expect(taken.map(({ size }) => size)).toEqual([200, 100, 400]);
  expect(new Set(taken).size).toBe(3);
  expect(slots.bytes).toBe(700);
  slots.destroy();
  expect(held.size).toBe(0);
});

it('adds what is missing and leaves to earlier programs what they have', () => {
  const { slots, held } = pool();
  const first = slots.take([100]);
  const second = slots.take([100, 300]);
  expect(second[0]).toBe(first[0]);
  expect(second[1]?.size).toBe(300);
  expect(held.size).toBe(2);
});
