// A pipeline as data: stages with settings, each made from checkpoints that are there before it. DeepSeek-R1's recipe is one.
import * as v from 'valibot';
import { SoliloquyError } from '../lib/errors';
import { JsonError, parseJson } from '../lib/json';
import { PrecisionError } from '../model/precision';
import { PRESETS, type PresetName } from '../model/presets';
import { getReward } from '../rewards/registry';
import { corpusSettingsSchema } from '../tasks/corpus';
import { completeDifficulty } from '../tasks/difficulty';
import { getTask } from '../tasks/registry';
import { distillationConfigSchema } from '../trainer/distillation/distillationConfig';
import { samplingEntries } from '../trainer/evaluation/samplingSettings';
import { foreignOption } from '../trainer/grpo/foreignOptions';
import { type GrpoConfig, grpoConfig, grpoConfigSchema } from '../trainer/grpo/grpoConfig';
import { checkGrpoConfig, GrpoConfigError, weightsByName } from '../trainer/grpo/grpoConfigChecks';
import { getPreset } from '../trainer/grpo/presets';
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

/** Whether a stage makes a checkpoint (a model) or a set of texts. */
export const makesModel = (stage: Stage): boolean => stage.kind !== 'reject';

/** The checkpoints a stage needs, and the sets. */
export function needsOf(stage: Stage): { readonly models: readonly string[]; readonly sets: readonly string[] } {
  switch (stage.kind) {
    case 'initialize':
      return { models: stage.tokenizer_of === undefined ? [] : [stage.tokenizer_of], sets: [] };
    case 'sft':
      return { models: [stage.from], sets: stage.data.flatMap((source) => (source.kind === 'set' ? source.set : [])) };
    case 'distil':
      return { models: [stage.from, stage.teacher], sets: [] };
    case 'pretrain':
    case 'grpo':
    case 'reject':
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
function checkGraph({ inputs, sets: given, stages }: Pipeline): void {
  const models = new Set<string>();
  const sets = new Set<string>();
  const add = (made: string, to: Set<string>) => {
    if (models.has(made) || sets.has(made)) {
      throw new PipelineError(
        `Two checkpoints are named ${made}.`,
        'Give each input and each stage a name of its own.',
      );
    }
    to.add(made);
  };
  for (const input of inputs) add(input, models);
  for (const set of Object.keys(given)) add(set, sets);
  for (const stage of stages) {
    const needs = needsOf(stage);
    for (const model of needs.models) checkThere(model, models, 'model', stage, stages);
    for (const set of needs.sets) checkThere(set, sets, 'set', stage, stages);
    add(stage.name, makesModel(stage) ? models : sets);
  }
}

function checkThere(
  wanted: string,
  there: ReadonlySet<string>,
  kind: 'model' | 'set',
  stage: Stage,
  stages: readonly Stage[],
): void {
  if (there.has(wanted)) return;
  const maker = stages.find((other) => other.name === wanted);
  const isLater = maker !== undefined && stages.indexOf(maker) >= stages.indexOf(stage);
  const isOther = maker !== undefined && makesModel(maker) !== (kind === 'model');
  const found = isOther
    ? `makes a ${kind === 'model' ? 'set' : 'model'}`
    : isLater
      ? 'is not made before it'
      : 'is neither an input nor a stage';
  const known = [...there].join(', ') || 'none';
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

/** The tasks, dials, presets and rewards that are named are there. */
function checkNames(pipeline: Pipeline): void {
  completeDifficulty(getTask(pipeline.task).dials, pipeline.difficulty);
  for (const stage of pipeline.stages) {
    if (stage.kind === 'grpo') {
      const config = grpoConfig({ ...getPreset(stage.preset).options, ...stage.options });
      const names = Object.keys(config.reward_weights);
      if (names.length > 0 && names.every((name) => /^\d+$/.test(name))) throw listedWeights(stage, config);
      for (const reward of names) getReward(reward);
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
