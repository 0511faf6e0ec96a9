// A reader's own problems: what a set of them is, and the task that it makes.
import * as v from 'valibot';
import { hashText } from '../../lib/hash';
import { findBuiltInProblem, findStanding } from '../registry';
import { isHeldOut } from '../split';
import type { Problem, Task } from '../task';
import { MAX_CHARACTERS } from '../typed';
import { fitsRule, isRight, questionKey, RULES, type Rule } from './rules';

export const MAX_PROBLEMS = 20_000;
export const MAX_ANSWER_CHARACTERS = 200;
export const MAX_NAME_CHARACTERS = 60;

export interface OwnProblem {
  readonly question: string;
  readonly answer: string;
  readonly rule: Rule;
}

export interface ProblemSet {
  /** Told from its problems alone, so that a run finds the very ones that it was begun with. Also the name of its task. */
  readonly id: string;
  /** What the reader calls it. */
  readonly name: string;
  readonly problems: readonly OwnProblem[];
}

const text = (max: number) => v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(max));

const ownProblemSchema: v.GenericSchema<unknown, OwnProblem> = v.pipe(
  v.object({ question: text(MAX_CHARACTERS), answer: text(MAX_ANSWER_CHARACTERS), rule: v.picklist(RULES) }),
  v.check(({ answer, rule }) => fitsRule(answer, rule), 'an answer that its rule can judge'),
);

const newSetSchema = v.object({
  name: text(MAX_NAME_CHARACTERS),
  problems: v.pipe(v.array(ownProblemSchema), v.minLength(1), v.maxLength(MAX_PROBLEMS)),
});

const PREFIX = 'own_';

/** Whether a task's name is that of a set of the reader's own. */
export const isOwnTask = (task: string): boolean => task.startsWith(PREFIX);

function idOf(problems: readonly OwnProblem[]): string {
  const all = JSON.stringify(problems.map(({ question, answer, rule }) => [question, answer, rule]));
  const hex = (hash: number) => hash.toString(16).padStart(8, '0');
  return `${PREFIX}${hex(hashText(all))}${hex(hashText([...all].reverse().join('')))}`;
}

/** The set in a value that may be anything; undefined where it is none. */
export function findProblemSet(value: unknown): ProblemSet | undefined {
  const parsed = v.safeParse(newSetSchema, value);
  if (!parsed.success) return undefined;
  const { name, problems } = parsed.output;
  return { id: idOf(problems), name, problems };
}

/** How many of a set's problems are for training, and how many are kept for evaluation. */
export function splitOf(set: Pick<ProblemSet, 'problems'>): { readonly train: number; readonly heldOut: number } {
  const heldOut = set.problems.filter(({ question, answer }) => isHeldOut(problemOf('', question, answer))).length;
  return { train: set.problems.length - heldOut, heldOut };
}

/** The split goes by the question alone: a set that has grown keeps every problem on its side. */
const problemOf = (task: string, question: string, answer: string): Problem => ({
  task,
  question,
  answer,
  splitKey: questionKey(question),
});

const NUM_EXAMPLES = 5;

/** The task of a set: its problems as they are. It can judge answers, but knows no way to them. */
export function taskOfSet({ id, name, problems }: ProblemSet): Task {
  const made = problems.map(({ question, answer, rule }) => {
    // A question of a known task is put as models were trained to read it.
    const asKnown = findBuiltInProblem(question)?.question ?? question;
    return {
      rule,
      key: questionKey(question),
      problem: { ...problemOf(id, question, answer), question: asKnown, rule },
    };
  });
  const byKey = new Map(made.flatMap((one) => [[one.key, one] as const, [questionKey(one.problem.question), one]]));
  const find = (question: string) =>
    byKey.get(questionKey(question)) ?? byKey.get(questionKey(findBuiltInProblem(question)?.question ?? ''));
  const heldOut = made.filter(({ problem }) => isHeldOut(problem));
  const about = { label: name, knows: name };
  return {
    name: id,
    place: Number.POSITIVE_INFINITY,
    about: { en: about, zh: about },
    dials: [],
    words: [],
    characters: [...new Set(problems.flatMap(({ question, answer }) => [...question, ...answer]))].join(''),
    examples: (heldOut.length > 0 ? heldOut : made).slice(0, NUM_EXAMPLES).map(({ problem }) => problem.question),
    generate: (rng) => rng.pick(made).problem,
    isWithin: ({ question }) => find(question) !== undefined,
    think: () => '',
    blunder: (_, rng) => rng.pick(made).problem.answer,
    verify({ question, answer: expected }, answer) {
      const found = answer?.trim();
      const rule = find(question)?.rule ?? 'exact';
      return { correct: found !== undefined && isRight(found, expected, rule), expected, found };
    },
    standing: findStanding,
    parse: (question) => find(question)?.problem,
  };
}
