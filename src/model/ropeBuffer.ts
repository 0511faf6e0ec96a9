// The table of RoPE's angles on the device.
import { type BufferRange, type Device, whole } from '../device/contract';
import type { Architecture, Layer, Rope } from './architecture';
import { ropeTable } from './rope';

/** The RoPE of a model's layers. */
export const ropeOf = ({ layers }: Architecture): Rope => (layers[0] as Layer).attention.rope;

/** (positions, rope/2) of (cos, sin) for positions 0 … maxPositions − 1. */
export function createRopeBuffer(device: Device, rope: Rope, maxPositions: number): BufferRange {
  const { cos, sin } = ropeTable(rope, maxPositions);
  const pairs = new Float32Array(cos.length * 2);
  cos.forEach((value, i) => {
    pairs[2 * i] = value;
    pairs[2 * i + 1] = sin[i] as number;
  });
  const buffer = device.createBuffer('Rope.table', pairs.byteLength);
  device.write(buffer, pairs);
  return whole(buffer);
}
