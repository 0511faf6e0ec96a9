import { RunFileDesk } from '../runFiles';
import { runs } from './run';
import { session } from './session';

export const { exportRun, importRun, describeRun, allowRunCode, exportRollouts } = new RunFileDesk({ session, runs });
