// What computes, as everything above it sees it: memory by opaque handles, and stretches of it.

/** Memory on a device. What it is there, only the device knows that made it. */
export interface DeviceBuffer {
  /** `Owner.thing[:detail]`. */
  readonly label: string;
  /** In bytes. */
  readonly size: number;
}

/** A stretch of a buffer, in bytes. */
export interface BufferRange {
  readonly buffer: DeviceBuffer;
  readonly offset: number;
  readonly size: number;
}

/** What moves numbers on a device without a kernel. */
export type Transfer =
  | { readonly copy: BufferRange; readonly to: Omit<BufferRange, 'size'> }
  /** Set to zeros. */
  | { readonly clear: BufferRange };

/** All of a buffer. */
export function whole(buffer: DeviceBuffer): BufferRange {
  return { buffer, offset: 0, size: buffer.size };
}
