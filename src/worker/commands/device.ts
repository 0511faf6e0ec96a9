// Commands about the device.
import type { Commands } from '../command';
import type { Engine } from '../engine';
import { presentDevice } from '../presentDevice';
import { profileModel } from '../profileModel';
import type { DeviceApi } from '../protocol/device';

export const deviceCommands = (engine: Engine): Commands<DeviceApi> => ({
  deviceReport: () => presentDevice(engine.runtime.device, engine.active.openRunner?.plannedBytes),

  profileDevice: () => engine.lane.run(() => profileModel(engine.runtime, engine.active.model)),
});
