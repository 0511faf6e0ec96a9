// One GRPO run as the page drives it: steps until paused, stopped or done, with evaluation and checkpoints on the way.

import { Generator } from '../engine/generator';
import { type LanguageModel, loadLanguageModel, toFolder } from '../engine/languageModel';
import type { Runtime } from '../engine/runtime';
import type { ModelFolder } from '../formats/huggingface/folder';
import { describeError } from '../lib/errors';
import { REWARD_FILE } from '../runs/grpoCard';
import { isSaveDue } from '../runs/saveSchedule';
import type { Checkpoints, RunStore } from '../runs/store';
import { StorageFullError } from '../storage/errors';
import { completeDifficulty } from '../tasks/difficulty';
import { getTask } from '../tasks/registry';
import { drawProblems, type Evaluation, evaluate } from '../trainer/evaluate';
import { GrpoTrainer } from '../trainer/grpo';
import { numSteps } from '../trainer/grpoConfig';
import { type Ailing, vitalsOfJudged, WreckedRunError } from '../trainer/health';
import type { Lane } from './lane';
import { evaluationMetrics, presentBeforeAfter, presentGroups } from './present';
import { presentCost } from './presentDevice';
import type { BeforeAfter, EngineEvent, RolloutGroup, RunActivity, RunRecord, StepMetrics } from './protocol';
import { runCard } from './runCard';
import { packRunCheckpoint, type RunCheckpoint } from './runCheckpoint';

export interface RunnerServices {
  readonly runtime: Runtime;
  readonly lane: Lane;
  readonly store: RunStore;
  readonly checkpoints: Checkpoints;
  emit(event: EngineEvent): void;
}

interface EvaluationRequest {
  readonly numProblems: number;
  readonly seed: number;
  /** The run's own unless given. */
  readonly model?: LanguageModel;
  readonly generator?: Generator;
  readonly onProgress: (done: number, total: number) => void;
  readonly signal?: AbortSignal | undefined;
}

/** The metric that tells that a step was followed by an evaluation. */
const EVALUATED = 'eval/accuracy';

function isEvaluationDue({ step, settings: { evalEvery, config } }: RunRecord): boolean {
  return evalEvery > 0 && (step % evalEvery === 0 || step >= numSteps(config));
}

export class Runner {
  #record: RunRecord;
  /** What the loop should do next: step on, take one step more, or rest. */
  #wish: 'run' | 'step' | 'pause' = 'pause';
  #loop: Promise<void> | undefined;
  /** Its steps so far, oldest first. */
  readonly #steps: StepMetrics[] = [];
  #wasAiling = false;
  /** Step of the last checkpoint. */
  #savedStep: number | undefined;
  /** The last step, where the run was left before the evaluation that was due after it. */
  #unmeasured: StepMetrics | undefined;
  #isSaveWished = false;

  private constructor(
    private readonly services: RunnerServices,
    private readonly model: LanguageModel,
    /** The model as it was before the run. */
    private readonly base: ModelFolder,
    private readonly trainer: GrpoTrainer,
    record: RunRecord,
  ) {
    this.#record = record;
  }

  /** A run on a loaded model; from a checkpoint's state where one is given (the weights are loaded already). */
  static async create(
    services: RunnerServices,
    model: LanguageModel,
    base: ModelFolder,
    record: RunRecord,
    checkpoint?: RunCheckpoint,
  ): Promise<Runner> {
    const { settings } = record;
    const task = getTask(settings.task);
    const difficulty = completeDifficulty(task.dials, settings.difficulty);
    // A difficulty without problems is refused here, before anything of the run is kept.
    drawProblems(task, difficulty, 'held-out', settings.config.seed, 1);
    const trainer = await GrpoTrainer.create(services.runtime, model, task, difficulty, settings.config);
    if (checkpoint) trainer.restore(checkpoint.trainer);
    const runner = new Runner(services, model, base, trainer, record);
    runner.#steps.push(...(await services.store.listSteps(record.id)));
    if (checkpoint) runner.#findUnmeasured();
    await runner.#keep(() => services.store.putRun(runner.record));
    services.emit({ type: 'runChanged', run: runner.record });
    // From its first moment a run can be gone on with.
    if (!checkpoint) await runner.#saveNow();
    return runner;
  }

  #findUnmeasured(): void {
    const { step } = this.trainer;
    this.#savedStep = step;
    const last = this.#steps.at(-1);
    const isLeft = step > 0 && last?.step === step && !(EVALUATED in last.metrics) && isEvaluationDue(this.#record);
    if (!isLeft) return;
    this.#unmeasured = last;
    if (this.#record.status === 'finished') this.#record = { ...this.#record, status: 'paused' };
  }

  get record(): RunRecord {
    return this.#record;
  }

  /** The card of the model as it is now. */
  get card(): string {
    const { task, difficulty, sampling } = this.trainer;
    const device = this.services.runtime.device.name;
    return runCard(this.#record, this.#steps, {
      task,
      difficulty,
      sampling,
      device,
      model: this.model.folder.description,
    });
  }

  /** Files that belong to the model beside its weights: the code of the reader's own reward. */
  get extras(): Readonly<Record<string, string>> {
    const { custom_reward } = this.#record.settings.config;
    return custom_reward === '' ? {} : { [REWARD_FILE]: custom_reward };
  }

  /** What the device was planned to hold with the run. */
  get plannedBytes(): number {
    return this.trainer.plannedBytes;
  }

  get isRunning(): boolean {
    return this.#loop !== undefined;
  }

  /** Goes on until paused or done. */
  resume(): void {
    this.#wish = 'run';
    this.#startLoop();
  }

  /** Saves at the end of the current step, whether that is due or not. */
  saveSoon(): void {
    this.#isSaveWished = this.isRunning;
  }

  /** Resolves when the run rests by itself: finished or failed. */
  async whenResting(): Promise<void> {
    await this.#loop;
  }

  /** Resolves when the current step is over and the run rests. */
  async pause(): Promise<void> {
    this.#wish = 'pause';
    await this.#loop;
    await this.#rest();
  }

  /** Takes one step of a resting run. */
  async stepOnce(): Promise<void> {
    if (this.isRunning || this.#isDone()) return;
    this.#wish = 'step';
    this.#startLoop();
    await this.#loop;
    await this.#rest();
  }

  #startLoop(): void {
    this.#loop ??= this.#runSteps().finally(() => {
      this.#loop = undefined;
    });
  }

  /** Saved and at rest, ready to go on. */
  async #rest(): Promise<void> {
    if (this.#record.status === 'failed' || this.#record.status === 'finished') return;
    await this.#save();
    await this.#setStatus(this.#isDone() ? 'finished' : 'paused');
  }

  /** Ends the run for good. */
  async stop(): Promise<void> {
    await this.pause();
    if (this.#record.status === 'failed') return;
    await this.#setStatus('finished');
  }

  /** The model before the run and now, on the same held-out problems. @throws the signal's reason once it is aborted. */
  beforeAfter(numProblems: number, seed: number, signal?: AbortSignal): Promise<BeforeAfter> {
    return this.services.lane.run(async () => {
      const { runtime, emit } = this.services;
      const progress = (first: number) => (done: number) =>
        emit({ type: 'comparisonProgressed', runId: this.#record.id, done: first + done, total: 2 * numProblems });
      const options = { numProblems, seed, signal };
      const after = await this.#evaluate({ ...options, onProgress: progress(0) });
      const model = await loadLanguageModel(runtime, 'before', this.base, false);
      const generator = new Generator(runtime, model.weights, this.trainer.generator.capacity);
      try {
        const before = await this.#evaluate({ ...options, model, generator, onProgress: progress(numProblems) });
        return presentBeforeAfter(this.model.tokenizer, this.trainer.task, before, after);
      } finally {
        await generator.destroy();
        model.weights.destroy();
      }
    });
  }

  /** Frees what the trainer holds on the device; only for a run that rests. */
  releaseTrainer(): Promise<void> {
    return this.trainer.destroy();
  }

  async #runSteps(): Promise<void> {
    await this.#setStatus('running');
    while (this.#wish !== 'pause' && !this.#isDone()) {
      if (this.#wish === 'step') this.#wish = 'pause';
      if (!(await this.#tryStep())) return;
    }
    if (this.#isDone()) await this.#rest();
  }

  /** False when the step failed; the run then rests as failed, its last checkpoint whole. */
  async #tryStep(): Promise<boolean> {
    try {
      await this.services.lane.run(() => this.#step());
      return true;
    } catch (error) {
      const problem = describeError(error);
      await this.#setStatus('failed').catch(() => undefined);
      const kept = error instanceof WreckedRunError ? error.keptStep : this.#savedStep;
      this.services.emit({ type: 'runFailed', runId: this.#record.id, error: problem, keptStep: kept });
      return false;
    }
  }

  async #step(): Promise<void> {
    const { emit, store } = this.services;
    const { settings, id } = this.#record;
    if (this.#unmeasured) await this.#measureLeft(this.#unmeasured);
    if (this.#isTrained()) return;
    const isFirst = this.trainer.step === 0;
    // The first measurement is of the model as it came, so that the curve starts where learning starts.
    const before = isFirst && settings.evalEvery > 0 ? await this.#measure() : undefined;
    if (before) {
      const start = { step: 0, metrics: evaluationMetrics(before) };
      await this.#keep(() => store.appendStep(this.#record, start, []));
      this.#steps.push(start);
      emit({ type: 'stepFinished', runId: id, step: start, groups: [], expertLoad: [] });
    }
    const result = await this.trainer.run((phase, done, total) => this.#phase(phase, done, total));
    const { ailing } = this.trainer.health;
    if (ailing || this.#wasAiling) emit({ type: 'runAiled', runId: id, ailing });
    this.#wasAiling = ailing !== undefined;
    const step = { step: result.step, metrics: result.metrics };
    const groups = presentGroups(this.model.tokenizer, result);
    this.#record = { ...this.#record, step: result.step };
    const { checkpointEvery } = settings;
    const isMeasured = isEvaluationDue(this.#record);
    await this.#keep(() => store.appendStep(this.#record, step, groups));
    // An evaluation takes long: what was learned is kept before it.
    const isDue = isMeasured || this.#isSaveWished || isSaveDue(step.step, this.#savedStep, checkpointEvery);
    if (isDue) await this.#saveNow();
    this.#steps.push(step);
    const isHopeless = ailing?.stepsLeft === 0;
    const told = isMeasured && !isHopeless ? await this.#withEvaluation(step, groups) : step;
    emit({ type: 'stepFinished', runId: id, step: told, groups, expertLoad: result.loads });
    emit({ type: 'workMeasured', work: 'step', cost: presentCost(result.work, this.model.architecture) });
    emit({ type: 'runChanged', run: this.#record });
    if (isHopeless) await this.#giveUp(ailing);
  }

  /** Keeps only what was saved before the weights went wrong. */
  async #giveUp(ailing: Ailing): Promise<never> {
    const { checkpoints } = this.services;
    throw new WreckedRunError(
      ailing,
      await checkpoints.dropCheckpointsAfter(this.#record.id, this.trainer.health.goodStep),
    );
  }

  /** The stored step with what an evaluation finds, stored again. */
  async #withEvaluation(step: StepMetrics, groups: readonly RolloutGroup[]): Promise<StepMetrics> {
    const measured = { ...step, metrics: { ...step.metrics, ...evaluationMetrics(await this.#measure()) } };
    await this.#keep(() => this.services.store.appendStep(this.#record, measured, groups));
    this.#steps.splice(-1, 1, measured);
    this.#unmeasured = undefined;
    // For the model card, which tells what was measured.
    await this.#saveNow(true);
    return measured;
  }

  /** Makes up for the evaluation in which the run was left. */
  async #measureLeft(step: StepMetrics): Promise<void> {
    const { store, emit } = this.services;
    const { id } = this.#record;
    const groups = await store.listRollouts(id, step.step);
    const measured = await this.#withEvaluation(step, groups);
    emit({ type: 'stepFinished', runId: id, step: measured, groups, expertLoad: [] });
  }

  /** Throws WreckedRunError where the answers show that no step is worth taking after it. */
  async #measure(): Promise<Evaluation> {
    const { evalProblems, config } = this.#record.settings;
    const onProgress = (done: number, total: number) => this.#phase('evaluating', done, total);
    const evaluation = await this.#evaluate({ numProblems: evalProblems, seed: config.seed, onProgress });
    const { health, step } = this.trainer;
    const isFinal = step === 0 || this.#isTrained();
    const ailing = health.observeEvaluation(step, vitalsOfJudged(evaluation.answers), isFinal);
    if (ailing?.stepsLeft === 0) await this.#giveUp(ailing);
    return evaluation;
  }

  #evaluate({
    numProblems,
    seed,
    model = this.model,
    generator = this.trainer.generator,
    onProgress,
    signal,
  }: EvaluationRequest): Promise<Evaluation> {
    const { task, difficulty, sampling } = this.trainer;
    const problems = drawProblems(task, difficulty, 'held-out', seed, numProblems);
    const { runtime } = this.services;
    return evaluate(runtime, model, generator, task, problems, sampling, seed, onProgress, signal);
  }

  #save(): Promise<void> {
    return this.services.lane.run(() => this.#saveNow());
  }

  /** Saves the state unless it is saved. @param again also if it is. */
  async #saveNow(again = false): Promise<void> {
    const { runtime, checkpoints, emit } = this.services;
    this.#isSaveWished = false;
    if (this.#savedStep === this.trainer.step && !again) return;
    // Wrecked weights must not take the place of good ones.
    if (this.trainer.health.ailing) return;
    this.#phase('saving');
    const model = { ...(await toFolder(runtime, this.model)), readme: this.card };
    const trainer = await this.trainer.snapshot();
    const checkpoint = await packRunCheckpoint({ model, base: this.base, trainer });
    if (!(await this.#keep(() => checkpoints.saveCheckpoint(this.#record.id, checkpoint)))) return;
    this.#savedStep = trainer.step;
    emit({ type: 'checkpointSaved', runId: this.#record.id, step: trainer.step });
  }

  /** Stores something of the run. Where the disk is full the run goes on without it and says so: false. */
  async #keep(store: () => Promise<void>): Promise<boolean> {
    try {
      await store();
      return true;
    } catch (error) {
      if (!(error instanceof StorageFullError)) throw error;
      this.services.emit({ type: 'saveFailed', runId: this.#record.id, error: describeError(error) });
      return false;
    }
  }

  /** Every step is taken. */
  #isTrained(): boolean {
    return this.trainer.step >= numSteps(this.trainer.config);
  }

  /** Nothing is left to do, not even an evaluation. */
  #isDone(): boolean {
    return this.#isTrained() && this.#unmeasured === undefined;
  }

  #phase(phase: RunActivity, done = 0, total = 0): void {
    this.services.emit({ type: 'phaseChanged', runId: this.#record.id, phase, done, total });
  }

  async #setStatus(status: RunRecord['status']): Promise<void> {
    this.#record = { ...this.#record, status };
    await this.#keep(() => this.services.store.putRun(this.#record));
    this.services.emit({ type: 'runChanged', run: this.#record });
  }
}
