// From the text of options to tasks, difficulties and GRPO options.
import { basename } from 'node:path';
import * as v from 'valibot';
import { cardTags } from '../lib/cardTags';
import { CUSTOM } from '../rewards/custom';
import { checkRewards } from '../rewards/registry';
import { completeDifficulty } from '../tasks/difficulty';
import { type LineFault, readProblemFile } from '../tasks/own/problemFile';
import { findProblemSet, taskOfSet } from '../tasks/own/problemSet';
import { addOwnTask, allTasks, getTask } from '../tasks/registry';
import type { Difficulty, Task } from '../tasks/task';
import { foreignOption } from '../trainer/grpo/foreignOptions';
import { type GrpoConfig, type GrpoOptions, grpoConfigSchema } from '../trainer/grpo/grpoConfig';
import { checkGrpoConfig, weightsByName } from '../trainer/grpo/grpoConfigChecks';
import { allPresets, getPreset, type Preset } from '../trainer/grpo/presets';
import { type Arguments, closest, type OptionSpec, readGiven, UsageError } from './command';
import { readTextFile } from './files';
import { readPython } from './pythonValue';

const taskNames = allTasks().map((task) => task.name);

export const TASK_OPTIONS = {
  task: { value: 'T', help: `which task: ${taskNames.join(', ')} (default ${taskNames[0]})` },
  difficulty: {
    value: 'k=v',
    multiple: true,
    help: `a dial of the task: ${allTasks()
      .map(({ name, dials }) => `${name} has ${dials.flatMap((dial) => (dial.isFine ? [] : dial.name)).join(', ')}`)
      .join('; ')}`,
  },
} as const satisfies Record<string, OptionSpec>;

export const TASK_FILE_OPTION = {
  'task-file': {
    value: 'FILE',
    help: 'problems of your own in the place of a task: CSV or JSON lines with question, answer and, if you like, rule',
  },
} as const satisfies Record<string, OptionSpec>;

const FAULTS: Readonly<Record<LineFault, string>> = {
  quotes: 'a quote is not closed where its field ends',
  json: 'it is no JSON object',
  columns: 'it has another number of columns than the first line',
  noQuestion: 'there is no question',
  noAnswer: 'there is no answer',
  longQuestion: 'the question is too long',
  longAnswer: 'the answer is too long',
  rule: 'the rule is none of exact, number, expression',
  answerRule: 'its rule cannot judge its answer',
  conflict: 'an earlier line asks the same and has another answer',
};
const MOST_FAULTS = 10;

/** The task of the problems in a file, known by its name from here on. Throws UsageError where a line is bad. */
export function readTaskFile(path: string): Task {
  const read = readProblemFile(readTextFile(path, 'Give a CSV or JSON lines with the columns question and answer.'));
  if ('fault' in read) {
    throw new UsageError(
      `${path} holds no problems (${read.fault.kind}).`,
      'Give a CSV whose first line is question,answer, or JSON lines with these keys.',
    );
  }
  if (read.bad.length > 0) {
    const lines = read.bad.slice(0, MOST_FAULTS).map(({ line, fault }) => `line ${line}: ${FAULTS[fault]}`);
    const more = read.bad.length > MOST_FAULTS ? `; and ${read.bad.length - MOST_FAULTS} more` : '';
    throw new UsageError(`${path}: ${lines.join('; ')}${more}.`, 'Correct these lines, or take them out.');
  }
  const set = findProblemSet({ name: basename(path).replace(/\.[^.]*$/, ''), problems: read.problems });
  if (set === undefined)
    throw new UsageError(`${path} holds no problems.`, 'Give at least one question and its answer.');
  const task = taskOfSet(set);
  addOwnTask(task);
  return task;
}

/** The one task that a model was trained on by its card; undefined where that names none or several. */
function taskOfCard(card: string | undefined): string | undefined {
  const named = cardTags(card ?? '').filter((tag) => taskNames.includes(tag));
  return named.length === 1 ? named[0] : undefined;
}

/** The task and its difficulty. Throws UsageError. @param card of a model: where no task is given, the one it was trained on. */
export function readTask(args: Arguments, card?: string): { task: Task; difficulty: Difficulty } {
  const path = args.text('task-file');
  if (path !== undefined && args.text('task') !== undefined)
    throw args.usage('--task and --task-file are both given.', 'Give one of them.');
  const named = () => getTask(args.text('task') ?? taskOfCard(card) ?? (taskNames[0] as string));
  const task = path === undefined ? readGiven(named) : readTaskFile(path);
  return { task, difficulty: readGiven(() => completeDifficulty(task.dials, readDials(args))) };
}

/** The dials that are given, as numbers. Throws UsageError. */
export function readDials(args: Arguments): Difficulty {
  const given = Object.entries(args.pairs('difficulty')).map(([name, text]) => {
    const value = Number(text);
    if (text !== '' && Number.isFinite(value)) return [name, value] as const;
    throw args.usage(`--difficulty ${name} is “${text}”.`, 'Give a whole number.');
  });
  return Object.fromEntries(given);
}

/** `dr-grpo`, `Dr. GRPO` and `dr grpo` are the same preset. */
const plain = (name: string) => name.toLowerCase().replace(/[^a-z0-9]/g, '');

/** Throws UsageError, listing the presets there are. */
export function readPreset(name: string): Preset {
  return allPresets().find((preset) => plain(preset.name) === plain(name)) ?? readGiven(() => getPreset(name));
}

/** `5` and `true` are what they look like, `{"accuracy":1}` is JSON, `None` and `{'accuracy': 1}` Python's; all else is text. */
function parseValue(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    const value = readPython(text);
    return value === undefined ? text : value;
  }
}

/** The `--set` pairs, their values parsed. Throws UsageError on a name that is not `known`. */
export function readSet(args: Arguments, known: readonly string[], kind: string): Record<string, unknown> {
  const pairs = Object.entries(args.pairs('set')).map(([name, text]) => {
    if (known.includes(name)) return [name, parseValue(text)] as const;
    const close = closest(name, known);
    const remedy = foreignOption(name) ?? (close ? `Did you mean ${close}?` : `Use one of: ${known.join(', ')}.`);
    throw args.usage(`There is no ${kind} option “${name}”.`, remedy);
  });
  return Object.fromEntries(pairs);
}

/**
 * The options of a preset with `--set` pairs on top, and the code of `--custom-reward`, which counts 1 unless reward_weights says
 * otherwise. Throws UsageError naming the option.
 */
export function readGrpoConfig(args: Arguments, preset: Preset, extra: GrpoOptions): GrpoConfig {
  const set = readSet(args, Object.keys(grpoConfigSchema.entries), 'GRPO');
  if (Array.isArray(set.reward_weights)) {
    const named = weightsByName(set.reward_weights, preset.options);
    throw args.usage(
      `reward_weights is the list ${JSON.stringify(set.reward_weights)}; here weights go by the rewards’ names.`,
      `Write --set 'reward_weights=${JSON.stringify(named)}'.`,
    );
  }
  if (set.beta === null) throw args.usage('beta is null.', 'Write beta=0, which keeps no reference.');
  const config = parseSettings(grpoConfigSchema, { ...preset.options, ...set, ...extra }, '--set');
  readGiven(() => checkGrpoConfig(config));
  const path = args.text('custom-reward');
  if (path === undefined) {
    readGiven(() => checkRewards(config));
    return config;
  }
  const custom_reward = readTextFile(path, 'Give a file of JavaScript that defines reward(sample).');
  const reward_weights = { [CUSTOM]: 1, ...config.reward_weights };
  const whole = parseSettings(grpoConfigSchema, { ...config, custom_reward, reward_weights }, '--custom-reward');
  readGiven(() => checkRewards(whole));
  return whole;
}

/** The options with as many steps as --steps says, if it is given. Throws UsageError where --set says it, too. */
export function withSteps(args: Arguments, config: GrpoConfig): GrpoConfig {
  const steps = args.integer('steps', undefined, { min: 1 });
  if (steps === undefined) return config;
  if ('max_steps' in args.pairs('set')) {
    throw args.usage(
      '--steps and --set max_steps are both given.',
      'Give one of them: --steps counts generations, max_steps counts optimizer steps.',
    );
  }
  return { ...config, max_steps: steps * config.num_iterations * config.steps_per_generation };
}

/** The value as the schema has it. Throws UsageError naming the first setting that is wrong, what it is and what it may be. */
export function parseSettings<T extends v.GenericSchema>(schema: T, value: unknown, source: string): v.InferOutput<T> {
  const result = v.safeParse(schema, value);
  if (result.success) return result.output;
  const [issue] = result.issues;
  const path = v.getDotPath(issue) ?? 'the whole';
  if (issue.expected === 'never')
    throw new UsageError(`${source}: there is no setting ${path}.`, 'Correct its name or take it out.');
  const expected = issue.expected ?? issue.requirement;
  throw new UsageError(
    `${source}: ${path} is ${issue.received}.`,
    `It must be ${typeof expected === 'string' ? expected : issue.message}.`,
  );
}

/** What --seeds lists, else 0, 1 and 2. Throws UsageError. */
export function readSeeds(args: Arguments): number[] {
  const text = args.text('seeds') ?? '0,1,2';
  const seeds = text.split(',').map(Number);
  if (seeds.every((seed) => Number.isInteger(seed) && seed >= 0)) return seeds;
  throw args.usage(`--seeds is “${text}”.`, 'Give whole numbers with commas between them, such as 0,1,2.');
}
