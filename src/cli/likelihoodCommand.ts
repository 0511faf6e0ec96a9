// What `pretrain` and `sft` share: the loop over steps, evaluation, checkpoints, the log, and the saved model.
import { basename } from 'node:path';
import { type LanguageModel, modelFiles, samplingOf, streamModelFiles } from '../engine/languageModel';
import type { Runtime } from '../engine/runtime';
import { modelCard } from '../formats/huggingface/modelCard';
import { cliCommand } from '../lib/shell';
import { isSaveDue } from '../runs/saveSchedule';
import type { Difficulty, Task } from '../tasks/task';
import { drawProblems, type Evaluation, evaluate, questionGenerator } from '../trainer/evaluate';
import { vitalsOfJudged } from '../trainer/health';
import { planLikelihood } from '../trainer/likelihoodParts';
import { LikelihoodRun, type LikelihoodSettings, likelihoodShape } from '../trainer/likelihoodRun';
import type { Sequence } from '../trainer/packing';
import { evaluationMetrics } from '../worker/present';
import type { Arguments, OptionSpec } from './command';
import { formatSeconds, note, Progress, printLine } from './console';
import { cardEvaluation, evaluationLine, stepLine } from './evaluation';
import { checkHealth } from './health';
import { INTERRUPTED, listenForInterrupt } from './interrupt';
import { planLine } from './memory';
import { openMetricsLog } from './metricsLog';
import { lastLogged, type ResumedRun, type RunFolder } from './runFolder';
import { readSet } from './settings';

/** Options that both commands have; those a resumed run may be given are in RESUMABLE_OPTIONS. */
export const RUN_OPTIONS = {
  'eval-problems': { value: 'N', help: 'held-out problems of an evaluation; 0 for none (default 512)' },
  'eval-every': { value: 'N', help: 'steps between evaluations; 0: only at the end (default 400)' },
  'checkpoint-every': {
    value: 'N',
    help: 'steps between checkpoints, the first ones earlier; 0: only on Ctrl-C and at the end (default 200)',
  },
  out: { value: 'DIR', help: 'where the model goes' },
  log: { value: 'FILE', help: "write metrics, under transformers' names, as JSON lines" },
  resume: {
    value: 'DIR',
    help: 'go on with the run in DIR from its last checkpoint; --set may change learning_rate and max_grad_norm',
  },
} as const satisfies Record<string, OptionSpec>;

export const RESUMABLE_OPTIONS = ['resume', 'log', 'eval-problems', 'eval-every', 'checkpoint-every', 'set'];

/** What --set may change of a run that is resumed: what helps one that went wrong. */
const RESUMABLE_SETTINGS = ['learning_rate', 'max_grad_norm'];

/** The settings of a resumed run with what --set changes of them, Throws UsageError. */
export function withResumedSet<T extends object>(args: Arguments, settings: T): T {
  return { ...settings, ...readSet(args, RESUMABLE_SETTINGS, 'resumable') };
}

const EVALUATION_BATCH = 128;
const STEPS_PER_LINE = 20;
const FIGURES = [
  ['loss', 'loss', 4],
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
  readonly settings: unknown;
  readonly training: LikelihoodSettings;
  /** What the evaluation asks. */
  readonly task: Task;
  readonly difficulty: Difficulty;
  /** For the model card. */
  readonly card: { readonly summary: string; readonly command: string; readonly baseModel?: string };
  textAt(index: number): Sequence;
}

/** Trains to the end, or until Ctrl-C; returns the exit code. */
export async function runLikelihood(runtime: Runtime, model: LanguageModel, job: LikelihoodJob): Promise<number> {
  const { args, folder, resumed, training, task } = job;
  const evalEvery = args.integer('eval-every', 400);
  const checkpointEvery = args.integer('checkpoint-every', 200);
  const problems = drawProblems(task, job.difficulty, 'held-out', training.seed, args.integer('eval-problems', 512));
  const run = await LikelihoodRun.create(runtime, model, training, job.textAt);
  if (resumed) restore(run, resumed);
  const log = openMetricsLog(args.text('log'), lastLogged(resumed));
  note(
    `${job.kind}: ${training.steps} steps of ${training.tokens_per_step} tokens, seed ${training.seed}, on ${runtime.device.name}`,
  );
  note(planLine(await planLikelihood(runtime, model.architecture, likelihoodShape(training))));

  let savedStep = resumed?.step;
  const save = async (unlogged?: Readonly<Record<string, number>>) => {
    await run.look();
    if (savedStep === run.step || run.health.ailing) return;
    const { step, position, numTokens, optimizer } = await run.snapshot();
    const counters = { position, numTokens };
    const files = await modelFiles(runtime, model);
    const state = {
      kind: job.kind,
      step,
      settings: job.settings,
      counters,
      unlogged,
      files,
      changes: resumed?.changes ?? [],
    };
    await folder.save({ ...state, arrays: { ...optimizer } });
    savedStep = step;
  };
  const measure = async (): Promise<Evaluation> => {
    const generator = questionGenerator(runtime, model, EVALUATION_BATCH, model.generation.maxNewTokens);
    const result = await evaluate(runtime, model, generator, task, problems, samplingOf(model), training.seed);
    await generator.destroy();
    run.health.observeEvaluation(run.step, vitalsOfJudged(result.answers), run.isDone);
    return result;
  };

  const interrupt = listenForInterrupt('finishing this step, then saving');
  const progress = new Progress('training', training.steps, 'steps', run.step);
  let evaluation: Evaluation | undefined;
  const isMeasured = () =>
    problems.length > 0 && (run.isDone || (evalEvery > 0 && run.step > 0 && run.step % evalEvery === 0));
  /** Measures if that is due, having saved the state since it takes long, and logs the step. */
  const conclude = async (metrics: Readonly<Record<string, number>>) => {
    const { step } = run;
    if (isMeasured() && (run.isDone || checkpointEvery > 0)) await save(metrics);
    evaluation = isMeasured() ? await measure() : undefined;
    if (evaluation) printLine(evaluationLine(step, evaluation));
    if (evaluation) await checkHealth(run.health, folder, job.kind, run.isDone);
    log(step, { ...metrics, ...(evaluation && evaluationMetrics(evaluation)) });
  };
  // From its first moment a run can be gone on with.
  if (run.step === 0 && checkpointEvery > 0) await save();
  if (resumed?.unlogged) await conclude(resumed.unlogged);
  while (!run.isDone && !interrupt.isRequested) {
    const ailing = run.health.ailing;
    await run.run();
    const { step } = run;
    const isDue = !run.isDone && isSaveDue(step, savedStep, checkpointEvery);
    if (isDue) await run.look();
    if (run.health.ailing !== ailing) await checkHealth(run.health, folder, job.kind);
    if (step % STEPS_PER_LINE === 0 || run.isDone || isMeasured()) {
      const metrics = await run.readMetrics();
      progress.end();
      printLine(
        `${stepLine(step, training.steps, metrics, FIGURES)}  ${formatSeconds(progress.secondsLeft(step))} left`,
      );
      await conclude({ ...metrics, elapsed_seconds: progress.elapsedSeconds });
    }
    if (isDue) await save();
    progress.update(step, true);
  }
  progress.end();
  if (!run.isDone) {
    await save();
    note(`Saved step ${savedStep ?? 0} of ${training.steps} in ${folder.checkpointPath}.`);
    note(`Go on with: ${cliCommand(job.kind, '--resume', folder.path)}`);
    return INTERRUPTED;
  }
  await checkHealth(run.health, folder, job.kind, true);
  const readme = modelCard({
    ...job.card,
    name: basename(folder.path),
    model: model.folder.description,
    generation: model.generation,
    task: task.name,
    example: task.examples[0] as string,
    difficulty: job.difficulty,
    evaluation: evaluation && cardEvaluation(evaluation),
    rows: [
      ['steps', String(run.step)],
      ['seed', String(training.seed)],
    ],
    changes: resumed?.changes,
    settings: job.settings,
    device: runtime.device.name,
    seconds: progress.elapsedSeconds,
  });
  await folder.finish(job.kind, streamModelFiles(runtime, model, readme));
  note(`Saved the model in ${folder.path}.`);
  return 0;
}

function restore(run: LikelihoodRun, { step, counters, arrays }: ResumedRun): void {
  const array = (name: string) => arrays[name] ?? new Float32Array(0);
  run.restore({
    step,
    position: counters.position ?? 0,
    numTokens: counters.numTokens ?? 0,
    optimizer: { firstMoment: array('firstMoment'), secondMoment: array('secondMoment'), state: array('state') },
  });
}
