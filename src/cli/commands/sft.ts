// `sft MODEL`: teach a model by example: question–completion pairs from a file, or a task's worked solutions.
import { basename } from 'node:path';
import * as v from 'valibot';
import { type LanguageModel, loadLanguageModel } from '../../engine/languageModel';
import type { Runtime } from '../../engine/runtime';
import { rng } from '../../lib/rng';
import { cliCommand } from '../../lib/shell';
import { precisionOf } from '../../model/precision';
import { corpusSettings, document } from '../../tasks/corpus';
import { getTask } from '../../tasks/registry';
import { UnreadableTextError } from '../../tokenizer/tokenizer';
import { lengthOf, type Sequence } from '../../trainer/packing';
import { withMtp } from '../../trainer/texts/addMtp';
import { ownAnswers } from '../../trainer/texts/ownAnswers';
import { sftSettingsSchema, sftText, shuffledTexts } from '../../trainer/texts/sft';
import { type Arguments, type Command, readGiven, UsageError } from '../command';
import { note } from '../console';
import { outputFolder, readTextFile } from '../files';
import { RESUMABLE_OPTIONS, RUN_OPTIONS, runLikelihood } from '../likelihoodCommand';
import { readModel } from '../models';
import { RunFolder, refuseSettled, withChanges } from '../runFolder';
import { openNodeRuntime } from '../runtime';
import { parseSettings, readSet, readTask, TASK_OPTIONS } from '../settings';
import { withResumedSet } from '../trainingCommand';

const runSettingsSchema = v.object({
  /** MODEL as it was given. */
  model: v.string(),
  /** Path of the file; null for the task's worked solutions. */
  data: v.nullable(v.string()),
  /** Answers of the model itself that it learns from instead; 0: none. */
  own_answers: v.optional(v.number(), 0),
  /** Whether it was given a fresh module for further tokens. */
  add_mtp: v.optional(v.boolean(), false),
  task: v.string(),
  difficulty: v.record(v.string(), v.number()),
  training: sftSettingsSchema,
});
type SftRunSettings = v.InferOutput<typeof runSettingsSchema>;

/** The names of TRL's prompt–completion form are read too. */
const lineSchema = v.union([
  v.object({ question: v.string(), completion: v.string() }),
  v.pipe(
    v.object({ prompt: v.string(), completion: v.string() }),
    v.transform(({ prompt, completion }) => ({ question: prompt, completion })),
  ),
]);

const EXAMPLE_LINE = '{"question": "1+2=?", "completion": "<think>…"}';
const DATA_REMEDY = `Give a file of lines such as ${EXAMPLE_LINE}.`;

function newSettings(args: Arguments): SftRunSettings {
  const model = args.positional(0);
  if (model === undefined) throw args.usage('MODEL is missing.', 'Give the model to train, or --resume a run.');
  const { task, difficulty } = readTask(args);
  const overrides = {
    ...(args.isGiven('steps') && { steps: args.integer('steps', 1, { min: 1 }) }),
    ...(args.isGiven('seed') && { seed: args.integer('seed', 0) }),
  };
  const set = readSet(args, Object.keys(sftSettingsSchema.entries), 'SFT');
  const training = parseSettings(sftSettingsSchema, { ...set, ...overrides }, '--set');
  readGiven(() => precisionOf(training));
  const own = args.integer('own-answers', 0);
  if (own > 0 && args.isGiven('data'))
    throw args.usage('Both --data and --own-answers are given.', 'Give one of them.');
  return {
    model,
    data: args.text('data') ?? null,
    own_answers: own,
    add_mtp: args.flag('add-mtp'),
    task: task.name,
    difficulty,
    training,
  };
}

/** The pairs of a JSONL file as tokens. Throws UsageError naming the line that cannot be used. */
function readPairs(path: string, model: LanguageModel, maxTokens: number): Sequence[] {
  const content = readTextFile(path, DATA_REMEDY);
  const texts = content.split('\n').flatMap((line, i) => {
    if (line.trim() === '') return [];
    const at = `${path}, line ${i + 1}`;
    const text = readPair(line, at, model);
    if (lengthOf(text) <= maxTokens) return [text];
    throw new UsageError(
      `${at} has ${lengthOf(text)} tokens; at most ${maxTokens} fit.`,
      'Shorten it, or raise tokens_per_step.',
    );
  });
  if (texts.length === 0) throw new UsageError(`${path} is empty.`, 'Give at least one question–completion pair.');
  return texts;
}

function readPair(line: string, at: string, model: LanguageModel): Sequence {
  const pair = v.safeParse(lineSchema, parseLine(line, at));
  if (!pair.success) {
    throw new UsageError(`${at} has not both texts, question and completion.`, `Write it as ${EXAMPLE_LINE}.`);
  }
  try {
    return sftText(model.tokenizer, pair.output);
  } catch (error) {
    if (!(error instanceof UnreadableTextError)) throw error;
    throw new UsageError(`${at}: ${error.userMessage}`, error.remedy, { cause: error });
  }
}

function parseLine(line: string, at: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    throw new UsageError(`${at} is not JSON.`, 'Write one JSON object a line.');
  }
}

async function textSource(runtime: Runtime, settings: SftRunSettings, model: LanguageModel) {
  const { data, own_answers: count, difficulty, training } = settings;
  const { seed } = training;
  const maxTokens = Math.min(training.tokens_per_step, model.architecture.maxPositions);
  if (data !== null) return shuffledTexts(readPairs(data, model, maxTokens), seed);
  const task = getTask(settings.task);
  if (count > 0) {
    // Those of the model that it starts from, also where it has learned since.
    const { name, folder } = await readModel(settings.model);
    note(`${name} answers ${count} problems, which it learns from`);
    const asked = await loadLanguageModel(runtime, name, folder, false);
    const answers = await ownAnswers(runtime, asked, { task, difficulty, seed, count });
    asked.weights.destroy();
    return shuffledTexts(answers, seed);
  }
  const worked = corpusSettings({ think_share: 1, self_check_share: 0, languages: { en: 1, zh: 0, mixed: 0 } });
  return (index: number) =>
    sftText(model.tokenizer, document(task, difficulty, worked, rng(training.seed, 'corpus', index)));
}

async function startingModel({ model, add_mtp, training }: SftRunSettings) {
  const source = await readModel(model);
  return add_mtp ? { ...source, folder: withMtp(source.folder, training.seed) } : source;
}

function examplesOf({ data, own_answers, task }: SftRunSettings): string {
  if (own_answers > 0) return `${own_answers} of its own answers to ${task}`;
  return data === null ? `worked solutions of ${task}` : basename(data);
}

/** The command that makes it again, with every setting in which it differs from the usual. */
function commandOf(
  { model, data, own_answers, add_mtp, task, difficulty, training }: SftRunSettings,
  out: string,
): string {
  const { steps, seed, ...rest } = training;
  const usual: Readonly<Record<string, unknown>> = v.parse(sftSettingsSchema, {});
  const set = Object.entries(rest).filter(([name, value]) => value !== usual[name]);
  return cliCommand(
    ...['sft', model, ...(data === null ? [] : ['--data', data]), '--task', task],
    ...(own_answers > 0 ? ['--own-answers', `${own_answers}`] : []),
    ...(add_mtp ? ['--add-mtp'] : []),
    ...Object.entries(difficulty).flatMap(([name, value]) => ['--difficulty', `${name}=${value}`]),
    ...set.flatMap(([name, value]) => ['--set', `${name}=${JSON.stringify(value)}`]),
    ...['--steps', `${steps}`, '--seed', `${seed}`, '--out', out],
  );
}

export const sftCommand: Command = {
  name: 'sft',
  summary: 'Teach a model by example: only the completions count.',
  positionals: [{ name: '[MODEL]', help: 'the model to start from; left out with --resume' }],
  options: {
    data: {
      value: 'FILE',
      help: 'a JSONL file of {"question", "completion"}; without one, worked solutions of the task',
    },
    'own-answers': { value: 'N', help: 'learn from N answers that the model itself gives to problems of the task' },
    'add-mtp': { help: 'give the model a fresh module for further tokens (multi-token prediction), which drafts them' },
    ...TASK_OPTIONS,
    set: {
      value: 'name=value',
      multiple: true,
      help: `a setting: ${Object.keys(sftSettingsSchema.entries).join(', ')}`,
    },
    steps: { value: 'N', help: 'optimizer steps (default 200)' },
    seed: { value: 'S', help: 'seed of the order of the examples (default 42)' },
    ...RUN_OPTIONS,
  },
  notes: 'The task is what the evaluations ask, also where the examples come from a file.',
  settings: Object.keys(sftSettingsSchema.entries),
  examples: [
    'sft base --data traces.jsonl --steps 200 --out runs/taught',
    'sft base --task chained_sums --difficulty max_terms=5 --set learning_rate=1e-3 --out runs/taught',
  ],
  async run(args) {
    const resumePath = args.text('resume');
    const folder = new RunFolder(resumePath ?? outputFolder(args, `${basename(args.positional(0) ?? '')}-sft`));
    const found = resumePath === undefined ? undefined : await folder.load('sft');
    if (found) refuseSettled(args, sftCommand, RESUMABLE_OPTIONS);
    else folder.claim();
    const stored = found && parseSettings(runSettingsSchema, found.about.settings, 'the checkpoint');
    const settings = stored
      ? parseSettings(runSettingsSchema, { ...stored, training: withResumedSet(args, stored.training) }, '--set')
      : newSettings(args);
    const resumed = found && stored && withChanges(found, stored.training, settings.training);
    const source = resumed ? { name: basename(settings.model), folder: resumed.model } : await startingModel(settings);
    if (settings.data !== null) readTextFile(settings.data, DATA_REMEDY);
    const runtime = await openNodeRuntime(args);
    const model = await loadLanguageModel(runtime, source.name, source.folder, true);
    return runLikelihood(runtime, model, {
      kind: 'sft',
      args,
      folder,
      resumed,
      settings,
      training: settings.training,
      task: getTask(settings.task),
      difficulty: settings.difficulty,
      card: {
        summary:
          `${basename(settings.model)}, taught by example on ${examplesOf(settings)}.` +
          (settings.training.mtp_freeze_base_model ? ' Only its module for further tokens was trained.' : ''),
        command: commandOf(settings, folder.path),
        baseModel: basename(settings.model),
      },
      textAt: await textSource(runtime, settings, model),
    });
  },
};
