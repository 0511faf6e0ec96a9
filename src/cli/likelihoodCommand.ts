// What `pretrain` and `sft` share: their options, and how training on texts is shown, measured and described.
import { basename } from 'node:path';
import { type LanguageModel, samplingOf } from '../engine/languageModel';
import type { Runtime } from '../engine/runtime';
import { modelCard } from '../formats/huggingface/modelCard';
import type { Difficulty, Problem, Task } from '../tasks/task';
import { drawProblems, type Evaluation, evaluate, questionGenerator } from '../trainer/evaluation/evaluate';
import type { Sequence } from '../trainer/packing';
import { planLikelihood } from '../trainer/texts/likelihoodParts';
import { type LikelihoodSettings, likelihoodShape } from '../trainer/texts/likelihoodSettings';
import { LikelihoodTraining } from '../trainer/texts/likelihoodTraining';
import type { Arguments, OptionSpec } from './command';
import { cardEvaluation } from './evaluation';
import type { ResumedRun, RunFolder } from './runFolder';
import { DEVICE_OPTION } from './runtime';
import { TrainingCommand } from './trainingCommand';

/** Options that both commands have; those a resumed run may be given are in RESUMABLE_OPTIONS. */
export const RUN_OPTIONS = {
  ...DEVICE_OPTION,
  'eval-problems': { value: 'N', help: 'held-out problems of an evaluation; 0 for none (default 512)' },
  'eval-every': { value: 'N', help: 'steps between evaluations; 0: only at the end (default 400)' },
  'checkpoint-every': {
    value: 'N',
    help: 'steps between checkpoints, the first ones earlier; 0: only on Ctrl-C and at the end (default 200)',
  },
  'keep-at': { value: 'N,N,…', help: 'steps after which the model is kept for good, as a folder step-N in --out' },
  out: { value: 'DIR', help: 'where the model goes (default: a new folder below runs/)' },
  log: {
    value: 'FILE',
    help: "write metrics, under transformers' names, as JSON lines; tensorboard: event files in the run's folder",
  },
  resume: {
    value: 'DIR',
    help: 'go on with the run in DIR from its last checkpoint; --set may change learning_rate and max_grad_norm',
  },
} as const satisfies Record<string, OptionSpec>;

export const RESUMABLE_OPTIONS = [
  'device',
  'resume',
  'log',
  'eval-problems',
  'eval-every',
  'checkpoint-every',
  'keep-at',
  'set',
];

const EVALUATION_BATCH = 128;
const STEPS_PER_LINE = 20;
const FIGURES = [
  ['loss', 'loss', 4],
  ['mtp loss', 'mtp_loss', 4],
  ['grad norm', 'grad_norm', 3],
  ['rate', 'learning_rate', 5],
  ['tokens/s', 'tokens_per_second', 0],
] as const;

export interface LikelihoodJob {
  readonly kind: 'pretrain' | 'sft';
  readonly args: Arguments;
  readonly folder: RunFolder;
  readonly resumed: ResumedRun | undefined;
  /** What a resumed run needs to find its texts again: plain JSON. */
  readonly settings: object;
  readonly training: LikelihoodSettings;
  /** What the evaluation asks. */
  readonly task: Task;
  readonly difficulty: Difficulty;
  /** For the model card. */
  readonly card: { readonly summary: string; readonly command: string; readonly baseModel?: string };
  textAt(index: number): Sequence;
}

/** The steps of --keep-at. Throws UsageError. */
function keptSteps(args: Arguments): readonly number[] {
  const text = args.text('keep-at');
  const steps = (text?.split(',') ?? []).map(Number);
  if (steps.every((step) => Number.isInteger(step) && step > 0)) return steps;
  throw args.usage(`--keep-at is “${text}”.`, 'Give whole numbers from 1 on: 25,50,100.');
}

/** Asks the problems with a generator that is there only for that. */
export async function evaluateModel(
  runtime: Runtime,
  model: LanguageModel,
  task: Task,
  problems: readonly Problem[],
  seed: number,
  onProgress: (done: number, total: number) => void,
): Promise<Evaluation> {
  const generator = questionGenerator(runtime, model, EVALUATION_BATCH, model.generation.maxNewTokens);
  try {
    return await evaluate(runtime, model, generator, task, problems, samplingOf(model), seed, onProgress);
  } finally {
    await generator.destroy();
  }
}

/** Trains to the end, or until Ctrl-C; returns the exit code. */
export async function runLikelihood(runtime: Runtime, model: LanguageModel, job: LikelihoodJob): Promise<number> {
  const { args, folder, resumed, training, task, kind } = job;
  const problems = drawProblems(task, job.difficulty, 'held-out', training.seed, args.integer('eval-problems', 512));
  const isEvaluated = problems.length > 0;
  const run = await LikelihoodTraining.create(runtime, model, training, job.textAt);
  const command = new TrainingCommand(runtime, {
    folder,
    about: { kind, settings: job.settings },
    resumed,
    training: run,
    model,
    rhythm: {
      evalEvery: isEvaluated ? args.integer('eval-every', 400) : 0,
      evaluatesStart: false,
      evaluatesEnd: isEvaluated,
      saveEvery: args.integer('checkpoint-every', 200),
      tellEvery: STEPS_PER_LINE,
    },
    headline: `${kind}: ${training.steps} steps of ${training.tokens_per_step} tokens, seed ${training.seed}`,
    plan: await planLikelihood(runtime, model.architecture, likelihoodShape(training)),
    log: args.text('log'),
    figures: FIGURES,
    keepAt: keptSteps(args),
    evaluate: (onProgress) => evaluateModel(runtime, model, task, problems, training.seed, onProgress),
    card: ({ evaluation, step, changes, seconds }) =>
      modelCard({
        ...job.card,
        name: basename(folder.path),
        model: model.folder.description,
        generation: model.generation,
        task: task.name,
        example: task.examples[0] as string,
        difficulty: job.difficulty,
        evaluation: evaluation && cardEvaluation(evaluation),
        rows: [
          ['steps', String(step)],
          ['seed', String(training.seed)],
        ],
        changes,
        settings: job.settings,
        device: runtime.device.name,
        seconds,
      }),
  });
  return command.run();
}
