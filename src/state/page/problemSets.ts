import { ProblemSetStore } from '../problemSets';
import { session } from './session';

export const { useProblemSets, refreshProblemSets, keepProblems, deleteProblems, unreadableCharacters } =
  new ProblemSetStore(session);
