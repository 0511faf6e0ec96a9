// Commands about the device.
import type { Commands } from '../../protocol/command';
import type { DeviceApi } from '../../protocol/device';
import type { Engine } from '../engine';
import { presentDevice } from '../presentDevice';
import { profileModel } from '../profileModel';

export const deviceCommands = (engine: Engine): Commands<DeviceApi> => ({
  deviceReport: () => presentDevice(engine.runtime.device, engine.active.openRunner?.plannedBytes),

  profileDevice: () => engine.lane.run(() => profileModel(engine.runtime, engine.active.model)),
});
