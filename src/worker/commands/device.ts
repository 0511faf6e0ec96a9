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
    await engine.computing.moveTo(wish);
    return engine.computing.device;
  },

  deviceReport: () => presentDevice(engine.runtime.device, engine.active.openRunner?.plannedBytes),

  async measureWays() {
    await engine.computing.settle();
    const { runtime, active, lane, emit } = engine;
    await measureWays(devices, runtime.sandbox, active.model.folder, {
      inTurn: (work) => lane.run(work),
      tell: (measured) => emit({ type: 'wayMeasured', measured }),
    });
    return null;
  },

  profileDevice: async () => {
    await engine.computing.settle();
    return engine.lane.run(() => profileModel(engine.runtime, engine.active.model));
  },
});
