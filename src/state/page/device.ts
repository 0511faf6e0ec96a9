import { DeviceStore } from '../device';
import { session } from './session';

export const { useDevice, refreshDevice, profileDevice } = new DeviceStore(session);
