// The table of RoPE's angles on the device.
import { type BufferRange, whole } from '../device/contract';
import type { Device } from '../device/webgpu/device';
import type { ModelConfig } from './config';
import { ropeTable } from './rope';

/** (positions, rope/2) of (cos, sin) for positions 0 … maxPositions − 1. */
export function createRopeBuffer(device: Device, config: ModelConfig, maxPositions: number): BufferRange {
  const { cos, sin } = ropeTable(config, maxPositions);
  const pairs = new Float32Array(cos.length * 2);
  cos.forEach((value, i) => {
    pairs[2 * i] = value;
    pairs[2 * i + 1] = sin[i] as number;
  });
  const buffer = device.createBuffer('Rope.table', pairs.byteLength);
  device.write(buffer, pairs);
  return whole(buffer);
}
