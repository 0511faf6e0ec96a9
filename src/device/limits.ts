// What a device allows and what it can do, and what is refused for it before anything is allocated.
import { DeviceTooSmallError } from './errors';

/** By WebGPU's names. Sizes in bytes. */
export const LIMITS = [
  'maxBufferSize',
  'maxStorageBufferBindingSize',
  'maxStorageBuffersPerShaderStage',
  'maxComputeInvocationsPerWorkgroup',
  'maxComputeWorkgroupStorageSize',
  'maxComputeWorkgroupsPerDimension',
] as const;
export type DeviceLimits = Readonly<Record<(typeof LIMITS)[number], number>>;

/** What the engine makes use of where a device offers it, by WebGPU's names. */
export const FEATURES = ['timestamp-query', 'shader-f16', 'subgroups'] as const;
export type DeviceFeature = (typeof FEATURES)[number];

/**
 * Bytes that a buffer takes which was asked for with so many.
 * @param isBound kernels use it, which bind it whole.
 * @throws DeviceTooSmallError where it is larger than the device allows.
 */
export function bufferBytes(limits: DeviceLimits, label: string, sizeBytes: number, isBound = true): number {
  const size = Math.max(16, Math.ceil(sizeBytes / 16) * 16);
  const { maxBufferSize, maxStorageBufferBindingSize } = limits;
  const limit =
    isBound && maxStorageBufferBindingSize < maxBufferSize ? 'maxStorageBufferBindingSize' : 'maxBufferSize';
  if (size > limits[limit]) {
    const remedy = 'Choose a smaller model, fewer or shorter texts at a time, or gradient_checkpointing.';
    throw new DeviceTooSmallError(limit, limits[limit], size, remedy, label);
  }
  return size;
}

/** @throws DeviceTooSmallError where a dispatch has more workgroups than the device takes at once. */
export function checkWorkgroups(
  { maxComputeWorkgroupsPerDimension }: DeviceLimits,
  { label, workgroups }: { readonly label: string; readonly workgroups: readonly number[] },
): void {
  const needed = Math.max(...workgroups);
  if (needed <= maxComputeWorkgroupsPerDimension) return;
  const remedy = 'Use a smaller batch.';
  const limit = 'maxComputeWorkgroupsPerDimension';
  throw new DeviceTooSmallError(limit, maxComputeWorkgroupsPerDimension, needed, remedy, label);
}
