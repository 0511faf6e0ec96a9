import { showInvalidField } from '../invalidFields';
import { ScalingStore } from '../scaling';
import { session } from './session';

export const { useScaling, chooseScaling, startScaling, stopScaling } = new ScalingStore(session, showInvalidField);
