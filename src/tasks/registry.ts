// The tasks there are, by name.
import { SoliloquyError } from '../lib/errors';
import { mixtureOf } from './mixture';
import type { Standing } from './standing';
import type { Problem, Task } from './task';

/** Asked for a task by a name that none has. */
export class UnknownTaskError extends SoliloquyError {
  readonly code = 'unknown_task';
}

const files = import.meta.glob<Task>('./kinds/*.ts', { import: 'task', eager: true });
const SINGLE: readonly Task[] = Object.values(files).sort((a, b) => a.place - b.place);
const MIXTURE = mixtureOf(SINGLE);
const TASKS: readonly Task[] = [...SINGLE, MIXTURE];

/** Tasks of a reader's own problems, made while the program runs. */
const OWN = new Map<string, Task>();

/** The tasks that come with the program. */
export function allTasks(): readonly Task[] {
  return TASKS;
}

/** Makes a task of a reader's own known by its name. */
export function addOwnTask(task: Task): void {
  OWN.set(task.name, task);
}

/** The tasks of a reader's own problems. */
export function ownTasks(): readonly Task[] {
  return [...OWN.values()];
}

export function removeOwnTask(name: string): void {
  OWN.delete(name);
}

export function findTask(name: string): Task | undefined {
  return TASKS.find((task) => task.name === name) ?? OWN.get(name);
}

/** Throws UnknownTaskError, listing the tasks there are. */
export function getTask(name: string): Task {
  const task = findTask(name);
  if (task) return task;
  throw new UnknownTaskError(
    `There is no task named ${JSON.stringify(name)}.`,
    `Use one of: ${[...TASKS, ...OWN.values()].map((known) => known.name).join(', ')}.`,
  );
}

/** Where thinking about a question begins, by the first task that reads it; undefined if none does. */
export function findStanding(question: string): Standing | undefined {
  return MIXTURE.standing(question);
}

/** What a person typed, as a problem of the first task that reads it, a reader's own first; undefined if none does. */
export function findProblem(question: string): Problem | undefined {
  return findOwnProblem(question) ?? findBuiltInProblem(question);
}

/** The same, of a reader's own problems. */
export function findOwnProblem(question: string): Problem | undefined {
  for (const task of OWN.values()) {
    const problem = task.parse(question);
    if (problem) return problem;
  }
  return undefined;
}

/** And of the tasks that come with the program. */
export function findBuiltInProblem(question: string): Problem | undefined {
  return MIXTURE.parse(question);
}
