// Sets of the reader's own problems.
import type { OwnProblem, ProblemSet } from '../tasks/own/problemSet';
import type { Result } from './result';

/** A character that the loaded model has no token for. */
export interface UnreadableCharacter {
  readonly character: string;
  /** Problems that have it, in the question or the answer. */
  readonly problems: number;
}

export interface ProblemApi {
  /** The sets that are kept in this browser, by name. */
  problemSets(): Promise<Result<readonly ProblemSet[]>>;
  /** Keeps a set; one of the same problems takes the new name. Its id is the name of its task. */
  keepProblemSet(name: string, problems: readonly OwnProblem[]): Promise<Result<ProblemSet>>;
  /** Fails while stored runs train on it. */
  deleteProblemSet(id: string): Promise<Result<null>>;
  /** What of the problems the loaded model cannot read, most frequent first. */
  unreadableCharacters(problems: readonly OwnProblem[]): Promise<Result<readonly UnreadableCharacter[]>>;
}
