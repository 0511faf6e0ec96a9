// A GRPO run without a browser: steps with a line each, evaluations, checkpoints, and in the end the model and its card.
import { basename } from 'node:path';
import * as v from 'valibot';
import { type LanguageModel, modelFiles, streamModelFiles } from '../engine/languageModel';
import type { Runtime } from '../engine/runtime';
import { cliCommand } from '../lib/shell';
import { grpoCard, REWARD_FILE } from '../runs/grpoCard';
import { isSaveDue } from '../runs/saveSchedule';
import { getTask } from '../tasks/registry';
import type { Problem } from '../tasks/task';
import { drawProblems, type Evaluation, evaluate } from '../trainer/evaluate';
import { GrpoTrainer } from '../trainer/grpo';
import { grpoConfigSchema, numSteps } from '../trainer/grpoConfig';
import { planGrpo } from '../trainer/grpoParts';
import type { Group } from '../trainer/grpoStep';
import { vitalsOfJudged } from '../trainer/health';
import { evaluationMetrics } from '../worker/present';
import { formatSeconds, note, Progress, printLine } from './console';
import { cardEvaluation, evaluationLine, stepLine } from './evaluation';
import { checkHealth } from './health';
import { INTERRUPTED, listenForInterrupt } from './interrupt';
import { planLine } from './memory';
import type { MetricsLog } from './metricsLog';
import type { ResumedRun, RunFolder } from './runFolder';

const count = v.pipe(v.number(), v.integer(), v.minValue(0));

export const grpoRunSettingsSchema = v.object({
  /** MODEL as it was given. */
  model: v.string(),
  task: v.string(),
  difficulty: v.record(v.string(), v.number()),
  preset: v.string(),
  config: grpoConfigSchema,
  evalProblems: count,
  evalEvery: count,
  checkpointEvery: count,
});
export type GrpoRunSettings = v.InferOutput<typeof grpoRunSettingsSchema>;

const FIGURES = [
  ['reward', 'reward', 3],
  ['accuracy', 'rewards/accuracy/mean', 3],
  ['length', 'completions/mean_length', 1],
  ['entropy', 'entropy', 3],
  ['kl', 'kl', 5],
] as const;

export class GrpoRun {
  readonly #total: number;
  readonly #problems: readonly Problem[];
  readonly #startMs = performance.now();
  /** On the held-out problems before the first step. */
  #accuracyBefore: number | undefined;
  /** Step of the checkpoint. */
  #savedStep: number | undefined;

  private constructor(
    private readonly runtime: Runtime,
    private readonly trainer: GrpoTrainer,
    private readonly settings: GrpoRunSettings,
    private readonly folder: RunFolder,
    private readonly resumed: ResumedRun | undefined,
  ) {
    const { config, difficulty, evalProblems } = settings;
    this.#total = numSteps(config);
    this.#accuracyBefore = resumed?.counters.accuracyBefore;
    this.#savedStep = resumed?.step;
    this.#problems = drawProblems(trainer.task, difficulty, 'held-out', config.seed, evalProblems);
  }

  /** A new run on a model that was loaded to be trained, or the rest of one whose weights the model has. */
  static async create(
    runtime: Runtime,
    model: LanguageModel,
    settings: GrpoRunSettings,
    folder: RunFolder,
    resumed: ResumedRun | undefined,
  ): Promise<GrpoRun> {
    const task = getTask(settings.task);
    const trainer = await GrpoTrainer.create(runtime, model, task, settings.difficulty, settings.config);
    if (resumed) restore(trainer, resumed);
    return new GrpoRun(runtime, trainer, settings, folder, resumed);
  }

  /** Trains to the end, or until Ctrl-C; returns the exit code. */
  async run(log: MetricsLog): Promise<number> {
    const { trainer, settings } = this;
    const { num_prompts, num_generations, seed } = settings.config;
    const rollouts = `${num_prompts} × ${num_generations} rollouts a step`;
    note(`${settings.preset} on ${trainer.task.name}: ${rollouts}, seed ${seed}, on ${this.runtime.device.name}`);
    note(planLine(await planGrpo(this.runtime, trainer.model.architecture, settings.config)));
    const interrupt = listenForInterrupt('finishing this step, then saving');
    const total = this.#total;
    let evaluation = await this.#start(log);
    const progress = new Progress('training', total, 'steps', trainer.step);
    while (trainer.step < total && !interrupt.isRequested) {
      const { step, metrics, groups } = await trainer.run();
      progress.end();
      const times = [metrics.step_time ?? 0, progress.secondsLeft(step)].map(formatSeconds);
      printLine(`${stepLine(step, total, metrics, FIGURES)}  ${times[0]}  ${times[1]} left`);
      noteFailures(groups);
      await checkHealth(trainer.health, this.folder, 'grpo');
      evaluation = await this.#conclude(metrics, log);
      progress.update(step, true);
    }
    progress.end();
    if (trainer.step < total) {
      await this.#save();
      note(`Saved step ${this.#savedStep ?? 0} of ${total} in ${this.folder.checkpointPath}.`);
      note(`Go on with: ${cliCommand('grpo', '--resume', this.folder.path)}`);
      return INTERRUPTED;
    }
    await checkHealth(trainer.health, this.folder, 'grpo', true);
    const { custom_reward } = settings.config;
    const reward = custom_reward === '' ? [] : [[REWARD_FILE, new TextEncoder().encode(custom_reward)] as const];
    const files = streamModelFiles(this.runtime, trainer.model, this.#card(evaluation));
    await this.folder.finish('grpo', new Map([...files, ...reward]));
    note(`Saved the model in ${this.folder.path}.`);
    return 0;
  }

  /** What comes before the first step: a new run is saved and measured; one that was left in an evaluation is measured. */
  async #start(log: MetricsLog): Promise<Evaluation | undefined> {
    const { trainer, resumed } = this;
    if (resumed?.unlogged) return this.#conclude(resumed.unlogged, log);
    if (trainer.step > 0) return undefined;
    if (this.settings.checkpointEvery > 0) await this.#save();
    const evaluation = await this.#measure();
    this.#accuracyBefore = evaluation?.accuracy;
    if (evaluation) log(0, evaluationMetrics(evaluation));
    return evaluation;
  }

  /** Measures the model if that is due after the step, and logs the step. Whatever takes long comes after the state is saved. */
  async #conclude(metrics: Readonly<Record<string, number>>, log: MetricsLog): Promise<Evaluation | undefined> {
    const { step } = this.trainer;
    const { evalEvery, checkpointEvery } = this.settings;
    const isLast = step === this.#total;
    const isMeasured = this.#problems.length > 0 && (isLast || (evalEvery > 0 && step % evalEvery === 0));
    if (isMeasured) {
      if (isLast || checkpointEvery > 0) await this.#save(metrics);
      const evaluation = (await this.#measure()) as Evaluation;
      log(step, { ...metrics, ...evaluationMetrics(evaluation) });
      return evaluation;
    }
    log(step, metrics);
    if (!isLast && isSaveDue(step, this.#savedStep, checkpointEvery)) await this.#save();
    return undefined;
  }

  /** Wall time of the run so far, with the parts before it was resumed. */
  get #elapsedSeconds(): number {
    return (performance.now() - this.#startMs) / 1000 + (this.resumed?.counters.elapsedSeconds ?? 0);
  }

  /** Accuracy on held-out problems; undefined if none are wanted. */
  async #measure(): Promise<Evaluation | undefined> {
    const { trainer } = this;
    const problems = this.#problems;
    if (problems.length === 0) return undefined;
    const progress = new Progress('evaluating', problems.length, 'problems');
    const { model, generator, task, sampling, config } = trainer;
    const result = await evaluate(this.runtime, model, generator, task, problems, sampling, config.seed, (done) =>
      progress.update(done, true),
    );
    progress.end();
    printLine(evaluationLine(trainer.step, result));
    // No step comes after the last, and none is worth taking after a bad start.
    const isFinal = trainer.step === 0 || trainer.step === this.#total;
    trainer.health.observeEvaluation(trainer.step, vitalsOfJudged(result.answers), isFinal);
    await checkHealth(trainer.health, this.folder, 'grpo');
    return result;
  }

  /** Saves the state, unless it is saved. @param unlogged the step's metrics, if its evaluation is still to come. */
  async #save(unlogged?: Readonly<Record<string, number>>): Promise<void> {
    if (this.#savedStep === this.trainer.step || this.trainer.health.ailing) return;
    const accuracyBefore = this.#accuracyBefore;
    const { step, optimizerSteps, numTokens, optimizer, reference } = await this.trainer.snapshot();
    await this.folder.save({
      kind: 'grpo',
      step,
      settings: this.settings,
      counters: {
        optimizerSteps,
        numTokens,
        elapsedSeconds: this.#elapsedSeconds,
        ...(accuracyBefore !== undefined && { accuracyBefore }),
      },
      changes: this.resumed?.changes ?? [],
      unlogged,
      files: await modelFiles(this.runtime, this.trainer.model),
      arrays: { ...optimizer, ...(reference && { reference }) },
    });
    this.#savedStep = step;
  }

  #card(evaluation: Evaluation | undefined): string {
    const accuracyBefore = this.#accuracyBefore;
    const { settings, folder, trainer } = this;
    return grpoCard({
      ...settings,
      name: basename(folder.path),
      parent: { name: basename(settings.model), path: settings.model },
      task: trainer.task,
      model: trainer.model.folder.description,
      sampling: trainer.sampling,
      step: trainer.step,
      evaluation: evaluation && { ...cardEvaluation(evaluation), step: trainer.step },
      before: accuracyBefore === undefined ? undefined : { problems: settings.evalProblems, accuracy: accuracyBefore },
      changes: this.resumed?.changes ?? [],
      out: folder.path,
      device: this.runtime.device.name,
      seconds: this.#elapsedSeconds,
    });
  }
}

/** Says on how many answers the reader's own reward failed, and why on the first. */
function noteFailures(groups: readonly Group[]): void {
  const scores = groups.flatMap((group) => group.members.map((member) => member.score));
  const errors = scores.flatMap(({ error }) => error ?? []);
  const [first] = errors;
  if (first === undefined) return;
  const where = first.line === undefined ? '' : ` (line ${first.line})`;
  note(
    `custom reward failed on ${errors.length} of ${scores.length} answers, their groups are left out: ${first.message}${where}`,
  );
}

function restore(trainer: GrpoTrainer, { step, counters, arrays }: ResumedRun): void {
  const array = (name: string) => arrays[name] ?? new Float32Array(0);
  trainer.restore({
    step,
    optimizerSteps: counters.optimizerSteps ?? 0,
    numTokens: counters.numTokens ?? 0,
    optimizer: { firstMoment: array('firstMoment'), secondMoment: array('secondMoment'), state: array('state') },
    reference: arrays.reference,
  });
}
