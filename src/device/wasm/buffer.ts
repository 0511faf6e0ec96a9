// A range of the linear memory, as the engine holds it.
import type { DeviceBuffer } from '../contract';

export interface LinearBuffer extends DeviceBuffer {
  /** Its first byte. */
  readonly address: number;
}

/** Where memory lies that the device on the processor gave out. */
export function addressOf(buffer: DeviceBuffer): number {
  return (buffer as LinearBuffer).address;
}
