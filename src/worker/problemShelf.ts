// The sets of the reader's own problems, kept in this browser; each is a task while it is kept.
import { SoliloquyError } from '../lib/errors';
import type { RunStore, StoredFiles } from '../runs/store';
import { findProblemSet, isOwnTask, type OwnProblem, type ProblemSet, taskOfSet } from '../tasks/own/problemSet';
import { addOwnTask, findTask, removeOwnTask } from '../tasks/registry';
import { type Tokenizer, UnreadableTextError } from '../tokenizer/tokenizer';

/** Problems that make no set. */
export class ProblemSetError extends SoliloquyError {
  readonly code = 'bad_problem_set';
}

/** A set that runs would miss. */
export class ProblemSetInUseError extends SoliloquyError {
  readonly code = 'problem_set_in_use';
}

const PATH = 'set.json';

export class ProblemShelf {
  constructor(
    private readonly files: StoredFiles,
    private readonly runs: Pick<RunStore, 'listRuns'>,
  ) {}

  /** The sets by name, each known as a task from here on. One that cannot be read is left out. */
  async list(): Promise<readonly ProblemSet[]> {
    const found = await Promise.all((await this.files.names()).map((id) => this.#read(id)));
    const sets = found.filter((set) => set !== undefined);
    for (const set of sets) if (findTask(set.id)?.about.en.label !== set.name) addOwnTask(taskOfSet(set));
    return sets.sort((a, b) => a.name.localeCompare(b.name));
  }

  /** Has a task known that another tab of this browser may have made meanwhile. */
  async prepare(task: string): Promise<void> {
    if (isOwnTask(task) && findTask(task) === undefined) await this.list();
  }

  /** @throws ProblemSetError, StorageFullError; nothing is kept then. */
  async keep(name: string, problems: readonly OwnProblem[]): Promise<ProblemSet> {
    const set = findProblemSet({ name, problems });
    if (set === undefined) {
      throw new ProblemSetError(
        `“${name}” with ${problems.length} problems makes no set.`,
        'Give it a name and at least one problem with a question and an answer.',
      );
    }
    const others = (await this.list()).filter(({ id }) => id !== set.id).map((other) => other.name);
    const named = { ...set, name: freeName(set.name, others) };
    await this.files.write(set.id, PATH, new TextEncoder().encode(JSON.stringify(named)));
    addOwnTask(taskOfSet(named));
    return named;
  }

  /** @throws ProblemSetInUseError while stored runs train on it. */
  async delete(id: string): Promise<void> {
    const users = (await this.runs.listRuns()).filter(({ settings }) => settings.task === id).map(({ name }) => name);
    if (users.length > 0) {
      throw new ProblemSetInUseError(
        `Stored runs train on it: ${users.join(', ')}.`,
        'Delete these runs first, or keep the set: without it they could not go on.',
      );
    }
    await this.files.delete(id);
    removeOwnTask(id);
  }

  async #read(id: string): Promise<ProblemSet | undefined> {
    const bytes = await this.files.read(id, PATH);
    try {
      const set = findProblemSet(JSON.parse(new TextDecoder().decode(bytes)));
      return set?.id === id ? set : undefined;
    } catch {
      return undefined;
    }
  }
}

/** The name, with a number where it is taken. */
function freeName(name: string, taken: readonly string[]): string {
  for (let count = 1; ; count++) {
    const free = count === 1 ? name : `${name} ${count}`;
    if (!taken.includes(free)) return free;
  }
}

/** The characters of problems that a tokenizer has no token for, and how many problems have each. */
export function findUnreadable(tokenizer: Pick<Tokenizer, 'encode'>, problems: readonly OwnProblem[]) {
  const counts = new Map<string, number>();
  for (const { question, answer } of problems) {
    const found = new Set([question, answer].flatMap((text) => unreadableOf(tokenizer, text)));
    for (const character of found) counts.set(character, (counts.get(character) ?? 0) + 1);
  }
  return [...counts]
    .map(([character, count]) => ({ character, problems: count }))
    .sort((a, b) => b.problems - a.problems);
}

function unreadableOf(tokenizer: Pick<Tokenizer, 'encode'>, text: string): readonly string[] {
  try {
    tokenizer.encode(text);
    return [];
  } catch (error) {
    if (error instanceof UnreadableTextError) return error.characters;
    throw error;
  }
}
