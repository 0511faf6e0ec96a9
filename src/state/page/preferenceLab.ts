import { PreferenceLab } from '../preferenceLab';
import { session } from './session';

export const { usePreferenceLab, chooseRater, compare, prefer, forgetPairs } = new PreferenceLab(session);
