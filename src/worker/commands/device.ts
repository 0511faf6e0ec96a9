// Commands about the device.
import type { Commands } from '../../protocol/command';
import type { DeviceApi } from '../../protocol/device';
import type { Engine } from '../engine';
import { presentDevice } from '../presentDevice';
import { profileModel } from '../profileModel';

export const deviceCommands = (engine: Engine): Commands<DeviceApi> => ({
  async computeOn(wish) {
    engine.assertIdle('compute on another device');
    await engine.moveTo(wish);
    return engine.device;
  },

  deviceReport: () => presentDevice(engine.runtime.device, engine.active.openRunner?.plannedBytes),

  profileDevice: () => engine.lane.run(() => profileModel(engine.runtime, engine.active.model)),
});
