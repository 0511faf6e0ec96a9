// What `dpo` and `reward-model` share: pairs of a file, their options, and how the training is shown and described.
import { basename } from 'node:path';
import * as v from 'valibot';
import { type LanguageModel, loadLanguageModel, loadRewardModel } from '../engine/languageModel';
import type { Runtime } from '../engine/runtime';
import { modelCard } from '../formats/huggingface/modelCard';
import { cliCommand } from '../lib/shell';
import { getTask } from '../tasks/registry';
import { UnreadableTextError } from '../tokenizer/tokenizer';
import { drawProblems } from '../trainer/evaluation/evaluate';
import { graderFolder } from '../trainer/preference/graderFolder';
import { type PreferencePair, pairTokens, preferencePair } from '../trainer/preference/pairs';
import {
  dpoConfigSchema,
  isDpo,
  numPreferenceSteps,
  type PreferenceConfig,
  rewardConfigSchema,
  scoreOf,
} from '../trainer/preference/preferenceConfig';
import { planPreference, preferenceShape } from '../trainer/preference/preferenceParts';
import { PreferenceTraining } from '../trainer/preference/preferenceTraining';
import { type Arguments, type Command, type OptionSpec, UsageError } from './command';
import { cardEvaluation } from './evaluation';
import { outputFolder, readTextFile } from './files';
import { evaluateModel, RESUMABLE_OPTIONS, RUN_OPTIONS } from './likelihoodCommand';
import { readModel } from './models';
import { type ResumedRun, RunFolder, refuseSettled, withChanges } from './runFolder';
import { openNodeRuntime } from './runtime';
import { parseSettings, readSet, readTask, TASK_OPTIONS } from './settings';
import { TrainingCommand, withResumedSet } from './trainingCommand';

type Kind = 'dpo' | 'reward-model';

const SCHEMAS = { dpo: dpoConfigSchema, 'reward-model': rewardConfigSchema } as const;

const settingsSchema = v.object({
  /** Path of the file. */
  pairs: v.string(),
  /** --model as it was given. */
  model: v.string(),
  task: v.string(),
  difficulty: v.record(v.string(), v.number()),
  config: v.record(v.string(), v.unknown()),
});
type Settings = v.InferOutput<typeof settingsSchema>;

const lineSchema = v.object({ prompt: v.string(), chosen: v.string(), rejected: v.string() });
const EXAMPLE_LINE = '{"prompt": "1+2=?", "chosen": "<think>1+2=3</think><answer>3</answer>", "rejected": "…"}';
const DATA_REMEDY = `Give a file of lines such as ${EXAMPLE_LINE}; the command pairs makes one.`;

export function settingNames(kind: Kind): string[] {
  return Object.keys(SCHEMAS[kind].entries);
}

export function preferenceOptions(kind: Kind): Record<string, OptionSpec> {
  const { 'eval-problems': evalProblems, 'eval-every': evalEvery, ...others } = RUN_OPTIONS;
  return {
    model: { value: 'M', help: 'the model to start from' },
    set: { value: 'name=value', multiple: true, help: `a setting: ${settingNames(kind).join(', ')}` },
    steps: { value: 'N', help: 'optimizer steps: the setting max_steps' },
    seed: { value: 'S', help: 'seed of the order of the pairs (default 42)' },
    ...TASK_OPTIONS,
    ...(kind === 'dpo' && { 'eval-problems': evalProblems, 'eval-every': evalEvery }),
    ...others,
  };
}

/** Pairs of a JSONL file as tokens. Throws UsageError naming the line that cannot be used. */
function readPairs(path: string, model: LanguageModel, config: PreferenceConfig): PreferencePair[] {
  const most = model.architecture.maxPositions;
  const pairs = readTextFile(path, DATA_REMEDY)
    .split('\n')
    .flatMap((line, i) => {
      if (line.trim() === '') return [];
      const at = `${path}, line ${i + 1}`;
      const pair = readPair(line, at, model, config);
      if (pairTokens(pair) <= most) return [pair];
      throw new UsageError(`${at} has ${pairTokens(pair)} tokens; at most ${most} fit.`, 'Shorten it.');
    });
  if (pairs.length === 0) throw new UsageError(`${path} is empty.`, DATA_REMEDY);
  return pairs;
}

function readPair(line: string, at: string, { tokenizer }: LanguageModel, config: PreferenceConfig): PreferencePair {
  const read = v.safeParse(v.pipe(v.string(), v.parseJson(), lineSchema), line);
  if (!read.success)
    throw new UsageError(`${at} is no pair of prompt, chosen and rejected.`, `Write it as ${EXAMPLE_LINE}.`);
  try {
    return preferencePair(tokenizer, read.output, scoreOf(config));
  } catch (error) {
    if (!(error instanceof UnreadableTextError)) throw error;
    throw new UsageError(`${at}: ${error.userMessage}`, error.remedy, { cause: error });
  }
}

function newSettings(kind: Kind, args: Arguments): { settings: Settings; config: PreferenceConfig } {
  const pairs = args.positional(0);
  if (pairs === undefined) throw args.usage('PAIRS is missing.', 'Give a file of pairs, or --resume a run.');
  readTextFile(pairs, DATA_REMEDY);
  const { task, difficulty } = readTask(args);
  const set = {
    ...readSet(args, settingNames(kind), kind),
    ...(args.isGiven('steps') && { max_steps: args.integer('steps', 1, { min: 1 }) }),
    ...(args.isGiven('seed') && { seed: args.integer('seed', 0) }),
  };
  const config = parseConfig(kind, set);
  return {
    settings: { pairs, model: args.required('model'), task: task.name, difficulty, config: { ...config } },
    config,
  };
}

function parseConfig(kind: Kind, set: object): PreferenceConfig {
  return kind === 'dpo'
    ? parseSettings(dpoConfigSchema, set, '--set')
    : parseSettings(rewardConfigSchema, set, '--set');
}

/** The command that makes it again, with every setting in which it differs from the usual. */
function commandOf(kind: Kind, { pairs, model, task, difficulty, config }: Settings, out: string): string {
  const usual: Readonly<Record<string, unknown>> = { ...v.parse(SCHEMAS[kind], {}) };
  const set = Object.entries(config).filter(([name, value]) => value !== usual[name]);
  return cliCommand(
    ...[kind, pairs, '--model', model, '--task', task],
    ...Object.entries(difficulty).flatMap(([name, value]) => ['--difficulty', `${name}=${value}`]),
    ...set.flatMap(([name, value]) => ['--set', `${name}=${JSON.stringify(value)}`]),
    ...['--out', out],
  );
}

async function startModel(kind: Kind, settings: Settings, config: PreferenceConfig, resumed: ResumedRun | undefined) {
  if (resumed) return { name: basename(settings.model), folder: resumed.model };
  const { name, folder } = await readModel(settings.model);
  if (kind === 'dpo') return { name, folder };
  // A reward model is trained on; a language model gets a head that grades.
  const { isGrader } = folder.description.architecture;
  return { name, folder: isGrader ? folder : graderFolder(folder, config.seed) };
}

/** Runs `dpo` or `reward-model`; returns the exit code. */
export async function runPreference(kind: Kind, command: Command, args: Arguments): Promise<number> {
  const resumePath = args.text('resume');
  const folder = new RunFolder(resumePath ?? outputFolder(args, `${basename(args.text('model') ?? '')}-${kind}`));
  const found = resumePath === undefined ? undefined : await folder.load(kind);
  if (found) refuseSettled(args, command, RESUMABLE_OPTIONS);
  const { settings, config, resumed } = found
    ? resumedSettings(kind, args, found)
    : { ...newSettings(kind, args), resumed: undefined };
  if (!found) folder.claim();
  const source = await startModel(kind, settings, config, resumed);
  const runtime = await openNodeRuntime(args);
  const load = kind === 'dpo' ? loadLanguageModel : loadRewardModel;
  const model = await load(runtime, source.name, source.folder, true);
  return train(runtime, model, { kind, args, folder, settings, config, resumed });
}

function resumedSettings(kind: Kind, args: Arguments, found: ResumedRun) {
  const stored = parseSettings(settingsSchema, found.about.settings, 'the checkpoint');
  const before = parseConfig(kind, stored.config);
  const config = parseConfig(kind, withResumedSet(args, before));
  return { settings: { ...stored, config: { ...config } }, config, resumed: withChanges(found, before, config) };
}

const FIGURES = {
  dpo: [
    ['loss', 'loss', 4],
    ['accuracy', 'rewards/accuracies', 3],
    ['margin', 'rewards/margins', 3],
    ['chosen', 'logps/chosen', 2],
    ['rejected', 'logps/rejected', 2],
    ['grad norm', 'grad_norm', 3],
  ],
  'reward-model': [
    ['loss', 'loss', 4],
    ['accuracy', 'accuracy', 3],
    ['margin', 'margin', 3],
    ['mean', 'mean_reward', 3],
    ['grad norm', 'grad_norm', 3],
  ],
} as const;

interface Job {
  readonly kind: Kind;
  readonly args: Arguments;
  readonly folder: RunFolder;
  readonly settings: Settings;
  readonly config: PreferenceConfig;
  readonly resumed: ResumedRun | undefined;
}

async function train(runtime: Runtime, model: LanguageModel, job: Job): Promise<number> {
  const { kind, args, folder, settings, config, resumed } = job;
  const pairs = readPairs(settings.pairs, model, config);
  const task = getTask(settings.task);
  const numProblems = isDpo(config) ? args.integer('eval-problems', 512) : 0;
  const problems = drawProblems(task, settings.difficulty, 'held-out', config.seed, numProblems);
  const isEvaluated = problems.length > 0;
  const steps = numPreferenceSteps(config, pairs.length);
  const training = await PreferenceTraining.create(runtime, model, config, pairs);
  const command = new TrainingCommand(runtime, {
    folder,
    about: { kind, settings },
    resumed,
    training,
    model,
    rhythm: {
      evalEvery: isEvaluated ? args.integer('eval-every', 0) : 0,
      evaluatesStart: isEvaluated,
      evaluatesEnd: isEvaluated,
      saveEvery: args.integer('checkpoint-every', 200),
      tellEvery: 10,
    },
    headline: `${kind}: ${steps} steps of ${config.per_device_train_batch_size} of ${pairs.length} pairs, seed ${config.seed}`,
    plan: await planPreference(runtime, model.architecture, preferenceShape(config, pairs)),
    log: args.text('log'),
    figures: FIGURES[kind],
    ...(isEvaluated && {
      evaluate: (onProgress) => evaluateModel(runtime, model, task, problems, config.seed, onProgress),
    }),
    card: ({ evaluation, step, changes, seconds }) =>
      modelCard({
        name: basename(folder.path),
        summary: summaryOf(kind, settings, pairs.length),
        command: commandOf(kind, settings, folder.path),
        baseModel: basename(settings.model),
        model: model.folder.description,
        generation: model.generation,
        task: task.name,
        example: task.examples[0] as string,
        difficulty: settings.difficulty,
        evaluation: evaluation && cardEvaluation(evaluation),
        rows: [
          ['steps', String(step)],
          ['pairs', String(pairs.length)],
          ['seed', String(config.seed)],
        ],
        changes,
        settings,
        device: runtime.device.name,
        seconds,
      }),
  });
  return command.run();
}

function summaryOf(kind: Kind, { model, pairs }: Settings, count: number): string {
  const from = `${count} pairs of ${basename(pairs)}`;
  return kind === 'dpo'
    ? `${basename(model)}, taught by direct preference optimization on ${from}.`
    : `A reward model: ${basename(model)} with a head that grades answers, trained on ${from} (Bradley–Terry).`;
}
