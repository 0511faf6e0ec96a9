import { GridStore } from '../gridOfRuns';
import { session } from './session';

export const { useGrid, trainGrid, stopGrid } = new GridStore(session);
