import { NimGameStore } from '../nimGame';
import { session } from './session';

const store = new NimGameStore(session);
export const { useNimGame } = store;
export const { begin: beginNim, move: moveInNim, askAgain: askNimAgain } = store;
