// The sets of the reader's own problems: as the engine keeps them, and as tasks that the page knows, too.
import { create } from 'zustand';
import { ownTaskInfo } from '../protocol/catalogue';
import type { UnreadableCharacter } from '../protocol/problems';
import type { DescribedError, Result } from '../protocol/protocol';
import { type OwnProblem, type ProblemSet, taskOfSet } from '../tasks/own/problemSet';
import { addOwnTask, removeOwnTask } from '../tasks/registry';
import type { Session } from './session';

export interface ProblemSetState {
  /** undefined until they were read. */
  readonly sets: readonly ProblemSet[] | undefined;
  /** Why the last of what was asked for could not be done. */
  readonly problem: DescribedError | undefined;
}

export class ProblemSetStore {
  readonly useProblemSets = create<ProblemSetState>()(() => ({ sets: undefined, problem: undefined }));

  constructor(private readonly session: Pick<Session, 'callEngine' | 'useSession'>) {}

  /** Reads the sets again: another tab may have kept one. */
  refreshProblemSets = async (): Promise<void> => {
    const found = await this.session.callEngine((api) => api.problemSets());
    if (found.ok) this.#show(found.value);
    else this.useProblemSets.setState({ problem: found.error });
  };

  /** The kept set; undefined where it could not be kept, and `problem` says why. */
  keepProblems = async (name: string, problems: readonly OwnProblem[]): Promise<ProblemSet | undefined> => {
    const kept = await this.session.callEngine((api) => api.keepProblemSet(name, problems));
    this.useProblemSets.setState({ problem: kept.ok ? undefined : kept.error });
    if (!kept.ok) return undefined;
    await this.refreshProblemSets();
    return kept.value;
  };

  deleteProblems = async (id: string): Promise<void> => {
    const deleted = await this.session.callEngine((api) => api.deleteProblemSet(id));
    this.useProblemSets.setState({ problem: deleted.ok ? undefined : deleted.error });
    if (!deleted.ok) return;
    removeOwnTask(id);
    await this.refreshProblemSets();
  };

  /** What of the problems the loaded model cannot read. */
  unreadableCharacters = (problems: readonly OwnProblem[]): Promise<Result<readonly UnreadableCharacter[]>> =>
    this.session.callEngine((api) => api.unreadableCharacters(problems));

  #show(sets: readonly ProblemSet[]): void {
    for (const set of sets) addOwnTask(taskOfSet(set));
    this.useProblemSets.setState({ sets });
    this.session.useSession.setState(({ catalogue }) => {
      if (catalogue === undefined) return {};
      const builtIn = catalogue.tasks.filter(({ ownName }) => ownName === undefined);
      return { catalogue: { ...catalogue, tasks: [...builtIn, ...sets.map(ownTaskInfo)] } };
    });
  }
}
