// What a model was trained on, and where a typed question lies from it.
import { rng } from '../lib/rng';
import { allTasks, getTask, ownTasks } from './registry';
import { isHeldOut } from './split';
import type { Dial, Difficulty, Problem } from './task';
import { MAX_CHARACTERS } from './typed';

/** A task as a model knows it. */
export interface Known {
  readonly task: string;
  readonly difficulty: Difficulty;
}

/** The tasks of these names, others left out, each at these settings as far as it has such dials and takes them. */
export function knownTasks(names: readonly string[], settings: Difficulty): readonly Known[] {
  return [...allTasks(), ...ownTasks()]
    .filter(({ name }) => names.includes(name))
    .map(({ name, dials }) => ({ task: name, difficulty: settingOf(dials, settings) }));
}

function settingOf(dials: readonly Dial[], settings: Difficulty): Difficulty {
  return Object.fromEntries(
    dials.map(({ name, min, max, default: fallback }) => {
      const value = settings[name] ?? fallback;
      return [name, value >= min && value <= max ? value : fallback];
    }),
  );
}

/** `near`: of a known task, but of another size than the model has seen; `tooLong`: not read by any task, whatever it is. */
export type Reach = 'inside' | 'near' | 'outside' | 'tooLong';

/** Few enough to look at. */
const NUM_EXAMPLES = 5;
/** Each is a glance at one problem. */
const MOST_DRAWS = 400;

function findKnown(question: string, known: readonly Known[]): { readonly problem: Problem; readonly of: Known }[] {
  return known.flatMap((of) => {
    const problem = getTask(of.task).parse(question);
    return problem ? [{ problem, of }] : [];
  });
}

const fits = (problem: Problem, { task, difficulty }: Known) => getTask(task).isWithin(problem, difficulty);

export function reachOf(question: string, known: readonly Known[]): Reach {
  if (question.trim().length > MAX_CHARACTERS) return 'tooLong';
  const found = findKnown(question, known);
  if (found.some(({ problem, of }) => fits(problem, of))) return 'inside';
  return found.length > 0 ? 'near' : 'outside';
}

/** What a function finds for an object, found once. */
function once<Key extends object, Value>(find: (key: Key) => Value): (key: Key) => Value {
  const found = new WeakMap<Key, Value>();
  return (key) => {
    const value = found.get(key) ?? find(key);
    found.set(key, value);
    return value;
  };
}

/** A mixture as those of its tasks that have a weight, each at its own settings; another task as itself. */
export const partsOf = once((known: Known): readonly Known[] => {
  const { task: name, difficulty } = known;
  if (name !== 'mixture') return [known];
  return allTasks()
    .filter((task) => task.name !== 'mixture' && (difficulty[task.name] ?? 0) > 0)
    .map(({ name: task, dials }) => {
      const own = Object.entries(difficulty).flatMap(([dial, value]) =>
        dial.startsWith(`${task}.`) ? [[dial.slice(task.length + 1), value] as const] : [],
      );
      return { task, difficulty: settingOf(dials, Object.fromEntries(own)) };
    });
});

/**
 * Questions of the task and size to try, easiest first: the task's own examples as far as they fit, else drawn ones,
 * always the same.
 */
export const examplesOf = once((known: Known): readonly string[] => {
  const task = getTask(known.task);
  const isFit = (question: string) => {
    const problem = task.parse(question);
    return problem !== undefined && fits(problem, known);
  };
  const own = task.examples.filter(isFit);
  if (own.length >= 3) return own;
  const drawn = new Set(own);
  for (let draw = 0; draw < MOST_DRAWS && drawn.size < NUM_EXAMPLES; draw++) {
    const problem = task.generate(rng(draw, 'problem'), known.difficulty);
    if (isHeldOut(problem)) drawn.add(problem.question);
  }
  return [...drawn].sort((a, b) => a.length - b.length);
});

/**
 * The example that is most like a question: of its task if that is known, and of its size; of another question the one that
 * has most of its characters. undefined where nothing is known.
 */
export function nearestExample(question: string, known: readonly Known[]): string | undefined {
  const parts = known.flatMap(partsOf);
  const [found] = findKnown(question, parts);
  if (!found) return least(parts.flatMap(examplesOf), (example) => -likeness(question, example));
  const { parse, grade } = getTask(found.of.task);
  const size = (text: string) => {
    const problem = parse(text);
    return problem && grade ? grade.of(problem) : text.length;
  };
  const wanted = size(question);
  return least(examplesOf(found.of), (example) => Math.abs(size(example) - wanted));
}

/** The first of those with the least value. */
function least(all: readonly string[], measure: (one: string) => number): string | undefined {
  const values = all.map(measure);
  return all[values.indexOf(Math.min(...values))];
}

/** Of the characters of two texts, digits and spaces left out, the share that both have: 2 |A ∩ B| / (|A| + |B|). */
function likeness(one: string, other: string): number {
  const [a, b] = [one, other].map((text) => new Set(text.toLowerCase().replace(/[\d\s]/g, ''))) as [
    Set<string>,
    Set<string>,
  ];
  const common = [...a].filter((character) => b.has(character)).length;
  return (2 * common) / Math.max(1, a.size + b.size);
}
