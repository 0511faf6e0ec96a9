// The device and what work cost on it, as plain data of protocol.ts.
import type { DeviceReason } from '../device/chooseDevice';
import type { Device } from '../device/contract';
import { FEATURES, type DeviceFeature as FeatureName } from '../device/limits';
import type { Architecture } from '../model/architecture';
import { countParameters } from '../model/parameterShapes';
import type { DeviceFeature, DeviceInfo, DeviceReport, WorkCost } from '../protocol/protocol';
import { phaseOperations, type WorkReading } from '../trainer/phases';

/** The limits that decide what fits on a device and how its kernels may be cut. */
const TOLD_LIMITS = [
  'maxBufferSize',
  'maxStorageBufferBindingSize',
  'maxStorageBuffersPerShaderStage',
  'maxComputeInvocationsPerWorkgroup',
  'maxComputeWorkgroupStorageSize',
] as const;

export function presentDeviceInfo({ kind, name, isSoftware, cpu }: Device, why: DeviceReason): DeviceInfo {
  return { kind, name, isSoftware, cpu, why };
}

/** @param plannedBytes what the device was planned to hold, if a run is open. */
export function presentDevice(device: Device, plannedBytes?: number): DeviceReport {
  const { cpu, limits, features, memory } = device;
  const statusOf = (name: FeatureName): DeviceFeature['status'] =>
    device.usedFeatures.has(name) ? 'used' : features.has(name) ? 'offered' : 'missing';
  return {
    cpu,
    features: FEATURES.map((name) => ({ name, status: statusOf(name) })),
    limits: Object.fromEntries(TOLD_LIMITS.map((name) => [name, limits[name]])),
    choices: device.choices.list(),
    memory: {
      heldBytes: memory.bytes,
      peakBytes: memory.peakBytes,
      ...(plannedBytes !== undefined && { plannedBytes }),
    },
  };
}

/** A reading with the operations of a model of this architecture. */
export function presentCost({ phases, ...rest }: WorkReading, architecture: Architecture): WorkCost {
  const { active } = countParameters(architecture);
  return {
    ...rest,
    phases: phases.map((phase) => ({ ...phase, flops: phaseOperations(phase, active) })),
  };
}
