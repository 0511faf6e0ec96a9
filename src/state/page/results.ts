import { ResultsStore } from '../results';
import { comparison } from './comparison';
import { runs } from './run';
import { session } from './session';

export const { useResults, openResults } = new ResultsStore({ session, runs, comparison });
