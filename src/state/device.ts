// The device as the engine last told of it, and the times of its kernels once a reader has asked for them.
import { create } from 'zustand';
import type { DescribedError, DeviceReport, ProgramProfile } from '../protocol/protocol';
import type { Session } from './session';

export interface DeviceState {
  readonly report: DeviceReport | undefined;
  readonly profile: readonly ProgramProfile[] | undefined;
  readonly isProfiling: boolean;
  readonly problem: DescribedError | undefined;
}

export class DeviceStore {
  readonly useDevice = create<DeviceState>()(() => ({
    report: undefined,
    profile: undefined,
    isProfiling: false,
    problem: undefined,
  }));

  constructor(private readonly session: Pick<Session, 'callEngine' | 'requireModel'>) {}

  /** Asks the engine how the device is now; what was known before stays where it does not answer. */
  refreshDevice = async (): Promise<void> => {
    const report = await this.session.callEngine((api) => api.deviceReport());
    if (report.ok) this.useDevice.setState({ report: report.value });
  };

  /** Has every kernel timed on a copy of the loaded model. */
  profileDevice = async (): Promise<void> => {
    if (this.useDevice.getState().isProfiling) return;
    this.useDevice.setState({ isProfiling: true, problem: undefined });
    const model = await this.session.requireModel();
    const profile = model.ok ? await this.session.callEngine((api) => api.profileDevice()) : model;
    const found = profile.ok ? { profile: profile.value } : { problem: profile.error };
    this.useDevice.setState({ isProfiling: false, ...found });
    await this.refreshDevice();
  };
}
