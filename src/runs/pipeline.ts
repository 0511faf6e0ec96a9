// A pipeline as data: stages with settings, each made from checkpoints that are there before it. DeepSeek-R1's recipe is one.
import * as v from 'valibot';
import { SoliloquyError } from '../lib/errors';
import { JsonError, parseJson } from '../lib/json';
import { PrecisionError } from '../model/precision';
import { PRESETS, type PresetName } from '../model/presets';
import { getReward, rewardsNeed } from '../rewards/registry';
import { corpusSettingsSchema } from '../tasks/corpus';
import { completeDifficulty } from '../tasks/difficulty';
import { getTask } from '../tasks/registry';
import { distillationConfigSchema } from '../trainer/distillation/distillationConfig';
import { samplingEntries } from '../trainer/evaluation/samplingSettings';
import { foreignOption } from '../trainer/grpo/foreignOptions';
import { type GrpoConfig, grpoConfig, grpoConfigSchema } from '../trainer/grpo/grpoConfig';
import { checkGrpoConfig, GrpoConfigError, weightsByName } from '../trainer/grpo/grpoConfigChecks';
import { getPreset } from '../trainer/grpo/presets';
import { pairSettingsSchema } from '../trainer/preference/pairSettings';
import { preferenceTextSchema } from '../trainer/preference/pairs';
import { dpoConfigSchema, rewardConfigSchema } from '../trainer/preference/preferenceConfig';
import { rejectionSettingsSchema } from '../trainer/rejection/rejection';
import { likelihoodSettings } from '../trainer/texts/likelihoodSettings';
import { sftSettingsSchema } from '../trainer/texts/sft';
import { sftSourceSchema } from '../trainer/texts/sftMix';

/** A pipeline that cannot be run: its graph or a setting is wrong. */
export class PipelineError extends SoliloquyError {
  readonly code = 'bad_pipeline';
}

/** Steps on texts between two whose metrics are told. */
export const TEXT_STEPS_PER_LINE = 10;

const positive = v.pipe(v.number(), v.integer(), v.minValue(1));
const NAME = /^[a-z0-9][a-z0-9-]{0,39}$/;
const name = v.pipe(v.string(), v.regex(NAME));

/** What every stage has: the name of what it makes, and what it is for, in one sentence. */
const common = { name, summary: v.optional(v.string(), '') };
const trained = {
  ...common,
  /** Checkpoint to start from: an input, or an earlier stage that makes a model. */
  from: v.string(),
  /** The stage ends with the step that reaches this many tokens, sampled ones included, if its steps do not end it before. */
  token_budget: v.optional(positive),
};
const { seed: _, ...withoutSeed } = likelihoodSettings;
const pretrainingSchema = v.strictObject(withoutSeed);

/** The schema without its seed, which a pipeline draws for each stage; it takes no name that it does not know. */
const seedless = <E extends v.ObjectEntries>({ entries }: { readonly entries: E }) => {
  const { seed: _seed, ...others } = entries;
  return v.strictObject(others as Omit<E, 'seed'>);
};

const stageSchema = v.variant('kind', [
  /** A model of random weights. */
  v.strictObject({
    kind: v.literal('initialize'),
    ...common,
    preset: v.picklist(Object.keys(PRESETS) as PresetName[]),
    /** Overrides of the preset's config.json. */
    model: v.optional(v.record(v.string(), v.union([v.number(), v.boolean(), v.null()])), {}),
    /** Checkpoint whose tokenizer it has; without one, the project's. */
    tokenizer_of: v.optional(v.string()),
  }),
  v.strictObject({
    kind: v.literal('pretrain'),
    ...trained,
    corpus: v.optional(corpusSettingsSchema, {}),
    training: pretrainingSchema,
  }),
  v.strictObject({
    kind: v.literal('sft'),
    ...trained,
    data: v.pipe(v.array(sftSourceSchema), v.minLength(1)),
    training: v.optional(seedless(sftSettingsSchema), {}),
  }),
  v.strictObject({
    kind: v.literal('grpo'),
    ...trained,
    preset: v.string(),
    /** On top of the preset's. */
    options: v.optional(seedless(v.partial(grpoConfigSchema)), {}),
    /** The grader of the reward `reward_model`. */
    reward_model: v.optional(v.string()),
    /** The model writes its problems itself, of these sizes by a dial of the task. */
    curriculum: v.optional(
      v.strictObject({
        dial: v.string(),
        least: positive,
        most: positive,
        /** At which it asks; its answers have the options'. A hotter one asks what it has not seen now and then. */
        temperature: v.optional(v.pipe(v.number(), v.minValue(0.1), v.maxValue(10)), 1),
      }),
    ),
  }),
  /** Makes an SFT set, not a model. */
  v.strictObject({
    kind: v.literal('reject'),
    ...common,
    from: v.string(),
    sampling: v.optional(seedless(rejectionSettingsSchema), {}),
  }),
  /** On-policy distillation: the student samples, the teacher is stayed near to. */
  v.strictObject({
    kind: v.literal('distil'),
    ...trained,
    teacher: v.string(),
    options: v.optional(seedless(distillationConfigSchema), {}),
  }),
  /** Makes pairs of answers, of which a simulated rater prefers one. */
  v.strictObject({
    kind: v.literal('pairs'),
    ...common,
    from: v.string(),
    sampling: v.optional(seedless(pairSettingsSchema), {}),
  }),
  /** Makes a grader: the model with a head that grades, taught by pairs. */
  v.strictObject({
    kind: v.literal('reward-model'),
    ...trained,
    pairs: v.string(),
    training: v.optional(seedless(rewardConfigSchema), {}),
  }),
  /** Direct preference optimization; its reference is the model that it starts from. */
  v.strictObject({
    kind: v.literal('dpo'),
    ...trained,
    pairs: v.string(),
    training: v.optional(seedless(dpoConfigSchema), {}),
  }),
]);

export type Stage = v.InferOutput<typeof stageSchema>;
export type StageKind = Stage['kind'];
export type StageOf<K extends StageKind> = Extract<Stage, { kind: K }>;

/** The most pairs of a set that a file brings along, and characters of one text: a list of one's own, not a corpus. */
export const MOST_PAIRS = 2000;
export const MOST_PAIR_CHARACTERS = 8000;
const pairText = v.pipe(v.string(), v.maxLength(MOST_PAIR_CHARACTERS));
const givenSetSchema = v.pipe(
  v.array(v.strictObject({ question: pairText, completion: v.pipe(pairText, v.minLength(1)) })),
  v.minLength(1),
  v.maxLength(MOST_PAIRS),
);

/** Pairs of answers of which one is preferred, given with the file: a reader's own choices. */
const givenPreferencesSchema = v.pipe(v.array(preferenceTextSchema), v.minLength(1), v.maxLength(MOST_PAIRS));

export const pipelineSchema = v.strictObject({
  name,
  summary: v.string(),
  task: v.string(),
  difficulty: v.optional(v.record(v.string(), v.number()), {}),
  seed: v.optional(v.pipe(v.number(), v.integer(), v.minValue(0)), 42),
  /** Names of the models that are given. */
  inputs: v.optional(v.array(name), []),
  /** Sets of question–completion pairs that are given; an empty question: the model writes unasked. */
  sets: v.optional(v.record(name, givenSetSchema), {}),
  /** Sets of preferred pairs that are given. */
  preferences: v.optional(v.record(name, givenPreferencesSchema), {}),
  /** How every checkpoint is measured: the same held-out problems, answered once each. */
  evaluation: v.optional(
    v.strictObject({
      problems: v.optional(positive, 256),
      /** Steps on texts between two answers that the model writes as it learns, to the first of the problems; 0: none. */
      sample_every: v.optional(v.pipe(v.number(), v.integer(), v.minValue(0), v.multipleOf(TEXT_STEPS_PER_LINE)), 0),
      ...samplingEntries(0),
    }),
    {},
  ),
  stages: v.pipe(v.array(stageSchema), v.minLength(1)),
});

export type Pipeline = v.InferOutput<typeof pipelineSchema>;
export type PipelineOptions = v.InferInput<typeof pipelineSchema>;

/** What a stage can make: a model that writes, a set of texts, pairs of answers, a model that grades. */
export type Made = 'model' | 'set' | 'pairs' | 'grader';

const MADE: Readonly<Partial<Record<StageKind, Made>>> = { reject: 'set', pairs: 'pairs', 'reward-model': 'grader' };

export const madeBy = ({ kind }: Pick<Stage, 'kind'>): Made => MADE[kind] ?? 'model';

/** Whether a stage makes a model that answers, and so can be measured. */
export const makesModel = (stage: Stage): boolean => madeBy(stage) === 'model';

/** What a stage needs: models that write, and what else there is. */
interface Needs {
  readonly models: readonly string[];
  readonly sets: readonly string[];
  readonly pairs?: readonly string[];
  readonly graders?: readonly string[];
}

/** All that a stage needs, by name. */
export function allNeedsOf(stage: Stage): string[] {
  const { models, sets, pairs = [], graders = [] } = needsOf(stage);
  return [...models, ...sets, ...pairs, ...graders];
}

export function needsOf(stage: Stage): Needs {
  switch (stage.kind) {
    case 'initialize':
      return { models: stage.tokenizer_of === undefined ? [] : [stage.tokenizer_of], sets: [] };
    case 'sft':
      return { models: [stage.from], sets: stage.data.flatMap((source) => (source.kind === 'set' ? source.set : [])) };
    case 'distil':
      return { models: [stage.from, stage.teacher], sets: [] };
    case 'grpo':
      return { models: [stage.from], sets: [], ...(stage.reward_model && { graders: [stage.reward_model] }) };
    case 'reward-model':
    case 'dpo':
      return { models: [stage.from], sets: [], pairs: [stage.pairs] };
    case 'pretrain':
    case 'reject':
    case 'pairs':
      return { models: [stage.from], sets: [] };
  }
}

/**
 * Fills in defaults and checks everything that can be checked before a model is loaded. Throws PipelineError naming the stage
 * and what is wrong with it.
 */
export function parsePipeline(value: unknown): Pipeline {
  const result = v.safeParse(pipelineSchema, value);
  if (!result.success) {
    const [issue] = result.issues;
    const path = v.getDotPath(issue) ?? 'the whole';
    if (issue.expected === 'never') {
      const remedy = foreignOption(path) ?? 'Correct its name or take it out.';
      throw new PipelineError(`The pipeline's ${path} is no setting.`, remedy);
    }
    if (issue.received === 'undefined') throw new PipelineError(`The pipeline's ${path} is missing.`, 'Add it.');
    throw new PipelineError(`The pipeline's ${path} is ${issue.received}.`, `It must be ${issue.expected ?? 'other'}.`);
  }
  const pipeline = result.output;
  checkGraph(pipeline);
  checkNames(pipeline);
  return pipeline;
}

/** A pipeline from its file. @param from said in messages: where the text is from. Throws PipelineError. */
export function parsePipelineFile(text: string, from: string): Pipeline {
  let value: unknown;
  try {
    value = parseJson(text);
  } catch (cause) {
    if (!(cause instanceof JsonError)) throw cause;
    const why = `${cause.problem}: ${cause.placeIn(text)}`;
    throw new PipelineError(`${from} is not JSON (${why}).`, 'Correct the file.', { cause });
  }
  return parsePipeline(value);
}

/** The file that parsePipelineFile reads. */
export const pipelineFile = (pipeline: Pipeline): string => `${JSON.stringify(pipeline, null, 2)}\n`;

/** Every name once, and everything a stage needs there before it. */
function checkGraph({ inputs, sets, preferences, stages }: Pipeline): void {
  const there = new Map<string, Made>();
  const add = (name: string, made: Made) => {
    if (there.has(name)) {
      throw new PipelineError(
        `Two checkpoints are named ${name}.`,
        'Give each input and each stage a name of its own.',
      );
    }
    there.set(name, made);
  };
  for (const input of inputs) add(input, 'model');
  for (const set of Object.keys(sets)) add(set, 'set');
  for (const set of Object.keys(preferences)) add(set, 'pairs');
  for (const stage of stages) {
    const { models, sets: texts, pairs = [], graders = [] } = needsOf(stage);
    for (const name of models) checkThere(name, 'model', there, stage, stages);
    for (const name of texts) checkThere(name, 'set', there, stage, stages);
    for (const name of pairs) checkThere(name, 'pairs', there, stage, stages);
    for (const name of graders) checkThere(name, 'grader', there, stage, stages);
    add(stage.name, madeBy(stage));
  }
}

const A: Readonly<Record<Made, string>> = { model: 'a model', set: 'a set', pairs: 'pairs', grader: 'a grader' };

function checkThere(
  wanted: string,
  kind: Made,
  there: ReadonlyMap<string, Made>,
  stage: Stage,
  stages: readonly Stage[],
): void {
  if (there.get(wanted) === kind) return;
  const maker = stages.find((other) => other.name === wanted);
  const made = there.get(wanted) ?? (maker && madeBy(maker));
  const isLater = maker !== undefined && stages.indexOf(maker) >= stages.indexOf(stage);
  const found =
    made !== undefined && made !== kind
      ? `${maker ? 'makes' : 'is'} ${A[made]}`
      : isLater
        ? 'is not made before it'
        : 'is neither an input nor a stage';
  const known = [...there].flatMap(([name, one]) => (one === kind ? [name] : [])).join(', ') || 'none';
  throw new PipelineError(
    `Stage ${stage.name} needs the ${kind} ${wanted}, which ${found}.`,
    `Name an earlier ${kind}: ${known}.`,
  );
}

function listedWeights({ name, preset }: StageOf<'grpo'>, { reward_weights }: GrpoConfig): PipelineError {
  const list = Object.values(reward_weights);
  return new PipelineError(
    `Stage ${name}: reward_weights is the list ${JSON.stringify(list)}; here weights go by the rewards’ names.`,
    `Write "reward_weights": ${JSON.stringify(weightsByName(list, getPreset(preset).options))}.`,
  );
}

/** A reward model goes with the reward of that name. */
function checkGrader({ name, reward_model }: StageOf<'grpo'>, config: GrpoConfig): void {
  if (rewardsNeed('reward model', config) === (reward_model !== undefined)) return;
  throw new PipelineError(
    reward_model === undefined
      ? `Stage ${name} has a weight for a reward model, and none.`
      : `Stage ${name} has the reward_model ${reward_model}, and no weight for it.`,
    'Give both: "reward_model": the name of a grader, and a weight of reward_model in reward_weights.',
  );
}

/** The tasks, dials, presets and rewards that are named are there. */
function checkNames(pipeline: Pipeline): void {
  completeDifficulty(getTask(pipeline.task).dials, pipeline.difficulty);
  for (const stage of pipeline.stages) {
    if (stage.kind === 'grpo') {
      const config = grpoConfig({ ...getPreset(stage.preset).options, ...stage.options });
      const names = Object.keys(config.reward_weights);
      if (names.length > 0 && names.every((name) => /^\d+$/.test(name))) throw listedWeights(stage, config);
      for (const reward of names) getReward(reward);
      checkGrader(stage, config);
      try {
        checkGrpoConfig(config);
      } catch (cause) {
        if (!(cause instanceof GrpoConfigError || cause instanceof PrecisionError)) throw cause;
        throw new PipelineError(`Stage ${stage.name}: ${cause.userMessage}`, cause.remedy, { cause });
      }
    }
    if (stage.kind !== 'sft') continue;
    for (const source of stage.data) {
      if (source.kind !== 'corpus') continue;
      const difficulty = source.difficulty ?? (source.task === undefined ? pipeline.difficulty : {});
      completeDifficulty(getTask(source.task ?? pipeline.task).dials, difficulty);
    }
  }
}
