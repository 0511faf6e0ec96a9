// The device as the engine last told of it, and the times of its kernels once a reader has asked for them.
import { create } from 'zustand';
import type { DescribedError, DeviceReport, ProgramProfile } from '../worker/protocol';
import { callEngine, requireModel } from './session';

export interface DeviceState {
  readonly report: DeviceReport | undefined;
  readonly profile: readonly ProgramProfile[] | undefined;
  readonly isProfiling: boolean;
  readonly problem: DescribedError | undefined;
}

export const useDevice = create<DeviceState>()(() => ({
  report: undefined,
  profile: undefined,
  isProfiling: false,
  problem: undefined,
}));

/** Asks the engine how the device is now; what was known before stays where it does not answer. */
export async function refreshDevice(): Promise<void> {
  const report = await callEngine((api) => api.deviceReport());
  if (report.ok) useDevice.setState({ report: report.value });
}

/** Has every kernel timed on a copy of the loaded model. */
export async function profileDevice(): Promise<void> {
  if (useDevice.getState().isProfiling) return;
  useDevice.setState({ isProfiling: true, problem: undefined });
  const model = await requireModel();
  const profile = model.ok ? await callEngine((api) => api.profileDevice()) : model;
  useDevice.setState({ isProfiling: false, ...(profile.ok ? { profile: profile.value } : { problem: profile.error }) });
  await refreshDevice();
}
