import { InspectStore } from '../inspect';
import { session } from './session';

export const inspect = new InspectStore(session);
export const { useInspect, focusOn, hoverOver, chooseGroup, readRollouts } = inspect;
