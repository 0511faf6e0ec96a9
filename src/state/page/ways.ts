import { WaysStore } from '../ways';
import { session } from './session';

export const { useWays, measureWays } = new WaysStore(session);
