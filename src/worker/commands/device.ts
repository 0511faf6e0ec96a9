// Commands about the device.
import type { DeviceSources } from '../../device/chooseDevice';
import type { Commands } from '../../protocol/command';
import type { DeviceApi } from '../../protocol/device';
import type { Engine } from '../engine';
import { measureWays } from '../measureWays';
import { presentDevice } from '../presentDevice';
import { profileModel } from '../profileModel';

export const deviceCommands = (engine: Engine, devices: DeviceSources): Commands<DeviceApi> => ({
  async computeOn(wish) {
    engine.assertIdle('compute on another device');
    await engine.moveTo(wish);
    return engine.device;
  },

  deviceReport: () => presentDevice(engine.runtime.device, engine.active.openRunner?.plannedBytes),

  async measureWays() {
    const { runtime, active, lane, emit } = engine;
    await measureWays(devices, runtime.sandbox, active.model.folder, {
      inTurn: (work) => lane.run(work),
      tell: (measured) => emit({ type: 'wayMeasured', measured }),
    });
    return null;
  },

  profileDevice: () => engine.lane.run(() => profileModel(engine.runtime, engine.active.model)),
});
