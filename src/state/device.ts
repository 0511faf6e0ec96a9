// The device as the engine last told of it, and the times of its kernels once a reader has asked for them.
import { create } from 'zustand';
import type { DescribedError, DeviceReport, DeviceWish, ProgramProfile } from '../protocol/protocol';
import type { RunStore } from './run';
import type { Session } from './session';

export interface DeviceState {
  readonly report: DeviceReport | undefined;
  readonly profile: readonly ProgramProfile[] | undefined;
  readonly isProfiling: boolean;
  readonly problem: DescribedError | undefined;
  /** The change of device that is under way. */
  readonly changing: DeviceWish | undefined;
  /** Why the last change was refused. */
  readonly changeProblem: DescribedError | undefined;
}

export class DeviceStore {
  readonly useDevice = create<DeviceState>()(() => ({
    report: undefined,
    profile: undefined,
    isProfiling: false,
    problem: undefined,
    changing: undefined,
    changeProblem: undefined,
  }));

  constructor(
    private readonly session: Pick<Session, 'callEngine' | 'requireModel' | 'computeOn'>,
    private readonly runs: Pick<RunStore, 'reopenRun'>,
  ) {}

  /** Computes on another device from now on; the open run is opened again there. */
  computeOn = async (wish: DeviceWish): Promise<void> => {
    if (this.useDevice.getState().changing !== undefined) return;
    this.useDevice.setState({ changing: wish, changeProblem: undefined });
    const moved = await this.session.computeOn(wish);
    // Times of kernels are those of the device before.
    this.useDevice.setState(
      moved.ok ? { changing: undefined, profile: undefined } : { changing: undefined, changeProblem: moved.error },
    );
    if (moved.ok) await this.runs.reopenRun();
    await this.refreshDevice();
  };

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
