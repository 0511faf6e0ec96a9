import { showInvalidField } from '../invalidFields';
import { RunStarter } from '../startRun';
import { runs } from './run';
import { session } from './session';

export const starter = new RunStarter({ session, runs, showInvalidField });
export const { chooseStart, startRun, startAnyway, dismissDoubt, stepRun } = starter;
