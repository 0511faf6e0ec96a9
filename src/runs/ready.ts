// The pipelines that come with the project, each full and mini. What makes a recipe what it is stays as published;
// sizes and rates are re-tuned to 0.4 M parameters.
import { SoliloquyError } from '../lib/errors';
import { curriculum } from './curriculum';
import { type Pipeline, type PipelineOptions, parsePipeline } from './pipeline';
import { rlhfStages } from './rlhf';
import { selfPlay } from './selfPlay';
import { FULL, MINI, type Size, type StageOptions, type StudentSize, TINY } from './sizes';

/** Asked for a pipeline by a name that none has. */
export class UnknownPipelineError extends SoliloquyError {
  readonly code = 'unknown_pipeline';
}

function pipelineOf(size: Size, name: string, summary: string, rest: Partial<PipelineOptions>, stages: StageOptions[]) {
  const { suffix, inputs, difficulty, evaluation } = size;
  const common = { name: `${name}${suffix}`, summary, task: 'chained_sums', difficulty };
  return { ...common, inputs: [...inputs], evaluation, ...rest, stages } satisfies PipelineOptions;
}

function r1Zero(size: Size): PipelineOptions {
  const summary = 'Reinforcement learning alone, from a base model, with rules for rewards (DeepSeek-R1-Zero).';
  return pipelineOf(size, 'r1-zero', summary, {}, [
    ...size.first,
    {
      kind: 'grpo',
      name: 'zero',
      summary: 'GRPO from the base, with no label but the verifier’s.',
      from: 'base',
      preset: 'R1-Zero',
      options: size.rl(150),
    },
  ]);
}

function r1(size: Size): PipelineOptions {
  const summary =
    'The four stages of DeepSeek-R1: cold start, reasoning RL, fine-tuning on its verified answers, final RL.';
  // R1 is measured at temperature 0.6, and its last stage samples at 0.7.
  const evaluation = { ...size.evaluation, temperature: 0.6 };
  return pipelineOf(size, 'r1', summary, { evaluation }, [
    ...size.first,
    {
      kind: 'sft',
      name: 'cold-start',
      summary: 'Fine-tuning on few long, readable solutions in English, some of which notice a slip and go back.',
      from: 'base',
      data: [
        {
          kind: 'corpus',
          corpus: { think_share: 1, languages: { en: 1, zh: 0, mixed: 0 }, self_check_share: 0.3 },
        },
      ],
      training: size.texts(30, 5e-4),
    },
    {
      kind: 'grpo',
      name: 'reasoning-rl',
      summary: 'GRPO for right answers, well formed, in one language.',
      from: 'cold-start',
      preset: 'R1 stage 2',
      options: size.rl(60),
    },
    {
      kind: 'reject',
      name: 'verified',
      summary: 'Its own answers to many problems, of which the right ones in English are kept.',
      from: 'reasoning-rl',
      sampling: { ...size.sampling, language: 'en', max_per_problem: 2 },
    },
    {
      kind: 'sft',
      name: 'rejection-sft',
      // 600 thousand reasoning samples to 200 thousand others there.
      summary: 'The base again, fine-tuned on those answers, and one part in four on what needs no thinking.',
      from: 'base',
      data: [
        { kind: 'set', set: 'verified', share: 3 },
        { kind: 'corpus', corpus: { think_share: 0, wrong_share: 0 }, difficulty: { ...size.easy }, share: 1 },
      ],
      training: size.texts(150, 1e-3),
    },
    {
      kind: 'grpo',
      name: 'final-rl',
      summary:
        'GRPO with every reward: right answers, form, one language, right steps, and no more length than there is room for.',
      from: 'rejection-sft',
      preset: 'R1 stage 2',
      options: {
        ...size.rl(40),
        temperature: 0.7, // R1, second RL stage
        learning_rate: 1e-4,
        reward_weights: { accuracy: 1, format: 0.1, language_consistency_en: 0.2, process: 0.2, soft_overlong: 0.2 },
      },
    },
  ]);
}

function distilOrRl(size: StudentSize): PipelineOptions {
  const summary =
    'One small student, equal tokens: taught by a teacher’s answers, by its own RL, or by the teacher on its own answers.';
  const token_budget = size.tokenBudget;
  const constant = { lr_scheduler_type: 'constant' } as const;
  return pipelineOf(size, 'distil-or-rl', summary, {}, [
    ...size.first,
    {
      kind: 'grpo',
      name: 'teacher',
      summary: 'The teacher: the base after reinforcement learning.',
      from: 'base',
      preset: 'R1-Zero',
      options: size.rl(100),
    },
    {
      kind: 'initialize',
      name: 'student-random',
      summary: 'A smaller model of random weights with the teacher’s tokenizer.',
      ...size.student,
      tokenizer_of: 'base',
    },
    {
      kind: 'pretrain',
      name: 'student',
      summary: 'The student, pretrained as the base was.',
      from: 'student-random',
      corpus: { think_share: 0.35 },
      training: size.studentTraining,
    },
    {
      kind: 'reject',
      name: 'traces',
      summary: 'The teacher’s answers, of which the right ones are kept.',
      from: 'teacher',
      sampling: { ...size.sampling },
    },
    {
      kind: 'sft',
      name: 'taught',
      summary: 'The student, fine-tuned on the teacher’s answers.',
      from: 'student',
      data: [{ kind: 'set', set: 'traces' }],
      training: size.texts(Math.ceil(token_budget / 2048), 1e-3),
      token_budget,
    },
    {
      kind: 'grpo',
      name: 'own-rl',
      summary: 'The student after its own reinforcement learning, of as many tokens.',
      from: 'student',
      preset: 'R1-Zero',
      options: { ...size.rl(1000), ...constant },
      token_budget,
    },
    {
      kind: 'distil',
      name: 'on-policy',
      summary: 'The student, drawn to the teacher’s distribution on its own answers, of as many tokens.',
      from: 'student',
      teacher: 'teacher',
      options: { ...size.distillation, learning_rate: 1e-3, ...constant },
      token_budget,
    },
  ]);
}

function rlFromRandom(size: Size): PipelineOptions {
  const summary =
    'Reinforcement learning from random weights: no answer is ever right, so there is nothing to learn from.';
  const { preset, model = {} } = size.first.find((stage) => stage.kind === 'initialize') ?? { preset: 'nano' };
  return pipelineOf(size, 'rl-from-random', summary, { inputs: [] }, [
    { kind: 'initialize', name: 'random', summary: 'Random weights.', preset, model },
    {
      kind: 'grpo',
      name: 'zero',
      summary: 'GRPO from random weights. It is expected to fail.',
      from: 'random',
      preset: 'R1-Zero',
      options: size.rl(50),
    },
  ]);
}

function rlhf(size: Size): PipelineOptions {
  const summary =
    'RLHF: pairs by raters of three skills, learned rewards and DPO from them, GRPO against each; beside it the verifier.';
  return pipelineOf(size, 'rlhf', summary, {}, [...size.first, ...rlhfStages(size)]);
}

/** Those whose sizes are those of the chained sums. */
const PIPELINES = { 'r1-zero': r1Zero, r1, 'distil-or-rl': distilOrRl, 'rl-from-random': rlFromRandom, rlhf };

const READY: Readonly<Record<string, () => PipelineOptions>> = {
  'r1-zero': () => r1Zero(FULL),
  r1: () => r1(FULL),
  'distil-or-rl': () => distilOrRl(FULL),
  'rl-from-random': () => rlFromRandom(FULL),
  'self-play': () => selfPlay(false),
  rlhf: () => rlhf(FULL),
  curriculum: () => curriculum(false),
};
const NAMES = Object.keys(READY);

/** A student has to be pretrained, which no minute is long enough for; from random weights nothing is learned at any size. */
const MINI_OF: typeof READY = {
  'r1-zero': () => r1Zero(MINI),
  r1: () => r1(MINI),
  'distil-or-rl': () => distilOrRl(TINY),
  'rl-from-random': () => rlFromRandom(TINY),
  'self-play': () => selfPlay(true),
  rlhf: () => rlhf(MINI),
  curriculum: () => curriculum(true),
};

/** A pipeline small enough for tests, from a model made on the spot. */
export const tinyPipeline = (name: keyof typeof PIPELINES): Pipeline => parsePipeline(PIPELINES[name](TINY));

/** The pipelines there are, parsed. */
export function allPipelines(isMini = false): Pipeline[] {
  return Object.values(isMini ? MINI_OF : READY).map((options) => parsePipeline(options()));
}

/** Throws UnknownPipelineError, listing the pipelines there are. */
export function getPipeline(name: string, isMini = false): Pipeline {
  const found = allPipelines(isMini)[NAMES.indexOf(name)];
  if (found) return found;
  throw new UnknownPipelineError(
    `There is no pipeline named ${JSON.stringify(name)}.`,
    `Use one of: ${NAMES.join(', ')}.`,
  );
}
