import { DeviceStore } from '../device';
import { runs } from './run';
import { session } from './session';

export const { useDevice, refreshDevice, profileDevice, computeOn } = new DeviceStore(session, runs);
