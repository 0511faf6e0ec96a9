// One GRPO run as the page drives it: steps until paused, stopped or done, with evaluation and checkpoints on the way.

import { type LanguageModel, toFolder } from '../engine/languageModel';
import type { Runtime } from '../engine/runtime';
import type { ModelFolder } from '../formats/huggingface/folder';
import { writeFolder } from '../formats/huggingface/writeFolder';
import { describeError } from '../lib/errors';
import { SessionError } from '../protocol/command';
import type { BeforeAfter, RolloutGroup, RunActivity, RunRecord, StepMetrics } from '../protocol/protocol';
import { type DeviceStretch, goneOnWith } from '../runs/devices';
import { Driver, type DriverHost, type Resumed, type TrainingState } from '../runs/driver';
import { evaluationMetrics } from '../runs/evaluationMetrics';
import { REWARD_FILE } from '../runs/grpoCard';
import { isEvaluationDue, type Rhythm } from '../runs/rhythm';
import type { RunSettings } from '../runs/run';
import { packSnapshot } from '../runs/snapshot';
import { StorageFullError } from '../storage/errors';
import { completeDifficulty } from '../tasks/difficulty';
import { getTask } from '../tasks/registry';
import { soundingAlarms } from '../trainer/alarms';
import { drawProblems, type Evaluation } from '../trainer/evaluation/evaluate';
import { type AnswerReading, GrpoTraining } from '../trainer/grpo/grpo';
import { numSteps } from '../trainer/grpo/grpoConfig';
import type { GrpoStep } from '../trainer/grpo/grpoStep';
import { WreckedRunError } from '../trainer/health';
import type { Metrics } from '../trainer/training';
import { readBase, storeBase } from './baseModel';
import { Comparison, evaluateHeldOut } from './comparison';
import { presentGroups } from './present';
import { presentCost } from './presentDevice';
import { runCard } from './runCard';
import type { RunSnapshot } from './runCheckpoint';
import type { RunServices } from './runServices';

/** The metric that tells that a step was followed by an evaluation. */
const EVALUATED = 'eval/accuracy';

function rhythmOf({ evalEvery, checkpointEvery }: RunSettings): Rhythm {
  const isEvaluated = evalEvery > 0;
  return {
    evalEvery,
    evaluatesStart: isEvaluated,
    evaluatesEnd: isEvaluated,
    saveEvery: checkpointEvery,
    tellEvery: 1,
  };
}

export class Runner {
  #record: RunRecord;
  readonly #driver: Driver;
  /** What the loop does next: step on, take one step more, or rest. */
  #wanted: 'run' | 'step' | 'pause' = 'pause';
  #loop: Promise<void> | undefined;
  readonly #comparison: Comparison;
  /** Its steps so far, oldest first. */
  readonly #steps: StepMetrics[];
  /** What the last step found. */
  #found: GrpoStep | undefined;
  /** The model as it was before the run, where there was no room to store it. */
  #base: ModelFolder | undefined;

  private constructor(
    private readonly services: RunServices,
    private readonly model: LanguageModel,
    private readonly trainer: GrpoTraining,
    record: RunRecord,
    steps: readonly StepMetrics[],
    resumed?: Resumed,
  ) {
    this.#record = record;
    this.#steps = [...steps];
    this.#comparison = new Comparison(
      services,
      trainer,
      record.id,
      async () => this.#base ?? readBase(services.bases, record.id),
    );
    this.#driver = new Driver(trainer, rhythmOf(record.settings), this.#host(), resumed);
  }

  /** A new run on a loaded model. @param base the model as it is now. */
  static async start(
    services: RunServices,
    model: LanguageModel,
    base: ModelFolder,
    record: RunRecord,
  ): Promise<Runner> {
    const trainer = await createTrainer(services.runtime, model, record);
    const begun = { ...record, devices: goneOnWith([], 0, services.runtime.device) };
    const runner = new Runner(services, model, trainer, begun, []);
    if (!(await runner.#keep(() => storeBase(services.bases, record.id, base)))) runner.#base = base;
    await runner.#introduce();
    // From its first moment a run can be gone on with.
    await runner.#driver.save();
    return runner;
  }

  /** A run at its last checkpoint, whose weights are loaded already. */
  static async reopen(
    services: RunServices,
    model: LanguageModel,
    record: RunRecord,
    { step, seconds, memory, base, devices: before }: RunSnapshot,
  ): Promise<Runner> {
    const trainer = await createTrainer(services.runtime, model, record);
    trainer.restore(memory);
    const steps = await services.store.listSteps(record.id);
    // The last step, where the run was left before the evaluation that was due after it.
    const last = steps.at(-1);
    const isMeasured = last?.step !== step || EVALUATED in last.metrics;
    const isLast = step >= numSteps(record.settings.config);
    const isDue = step > 0 && isEvaluationDue(rhythmOf(record.settings), step, isLast);
    const isLeft = isDue && !isMeasured;
    const devices = goneOnWith(before, step, services.runtime.device);
    const opened = { ...record, devices, ...(isLeft && record.status === 'finished' && { status: 'paused' as const }) };
    const resumed = { savedStep: step, seconds, unmeasured: isLeft ? last?.metrics : undefined, isEvaluated: true };
    const runner = new Runner(services, model, trainer, opened, steps, resumed);
    // Stored before the next checkpoint, which will be without it.
    if (base && !(await runner.#keep(() => storeBase(services.bases, record.id, base)))) runner.#base = base;
    await runner.#introduce();
    return runner;
  }

  async #introduce(): Promise<void> {
    await this.#keep(() => this.services.store.putRun(this.#record));
    this.services.emit({ type: 'runChanged', run: this.#record });
  }

  get record(): RunRecord {
    return this.#record;
  }

  /** Changes what is said of the run, and keeps it. */
  async say(said: Partial<Pick<RunRecord, 'label' | 'note' | 'codeWaits'>>): Promise<RunRecord> {
    this.#record = { ...this.#record, ...said };
    await this.#introduce();
    return this.#record;
  }

  get #devices(): readonly DeviceStretch[] {
    return this.#record.devices ?? [];
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
    this.#wanted = 'run';
    this.#startLoop();
  }

  /** Saves at the end of the current step, whether that is due or not. */
  saveSoon(): void {
    if (this.isRunning) this.#driver.saveSoon();
  }

  /** Resolves when the run rests by itself: finished or failed. */
  async whenResting(): Promise<void> {
    await this.#loop;
  }

  /** Resolves when the current step is over and the run rests. */
  async pause(): Promise<void> {
    this.#wanted = 'pause';
    await this.#loop;
    await this.#rest();
  }

  /** Takes one step of a resting run. */
  async stepOnce(): Promise<void> {
    if (this.isRunning || this.#driver.isDone) return;
    this.#wanted = 'step';
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
    await this.services.lane.run(() => this.#driver.save());
    await this.#setStatus(this.#driver.isDone ? 'finished' : 'paused');
  }

  /** Ends the run for good. */
  async stop(): Promise<void> {
    await this.pause();
    if (this.#record.status === 'failed') return;
    await this.#setStatus('finished');
  }

  /** As Comparison.run: the model before the run and now. */
  beforeAfter(numProblems: number, seed: number): Promise<BeforeAfter | undefined> {
    return this.#comparison.run(numProblems, seed);
  }

  /** Ends the comparison under way before its next batch. */
  stopComparing(): void {
    this.#comparison.stop();
  }

  /** Frees what the trainer holds on the device; only for a run that rests. */
  releaseTrainer(): Promise<void> {
    return this.trainer.destroy();
  }

  async #runSteps(): Promise<void> {
    await this.#setStatus('running');
    while (this.#wanted !== 'pause' && !this.#driver.isDone) {
      const before = this.#driver.step;
      if (!(await this.#tryAdvance())) return;
      const isStepTaken = this.#driver.step > before || this.#driver.isDone;
      if (this.#wanted === 'step' && isStepTaken) this.#wanted = 'pause';
    }
    if (this.#driver.isDone) await this.#rest();
  }

  /** False when it failed; the run then rests as failed, its last checkpoint whole. */
  async #tryAdvance(): Promise<boolean> {
    try {
      await this.services.lane.run(() => this.#driver.advance());
      return true;
    } catch (error) {
      const problem = describeError(error);
      await this.#setStatus('failed').catch(() => undefined);
      const kept = error instanceof WreckedRunError ? error.kept?.step : this.#driver.savedStep;
      this.services.emit({ type: 'runFailed', runId: this.#record.id, error: problem, keptStep: kept });
      return false;
    }
  }

  #host(): DriverHost {
    const { services } = this;
    return {
      save: (state) => this.#save(state),
      dropAfter: (step) => services.checkpoints.dropCheckpointsAfter(this.#record.id, step),
      evaluate: () => {
        const { evalProblems, config } = this.#record.settings;
        const onProgress = (done: number, total: number) => this.#phase('evaluating', done, total);
        const options = { numProblems: evalProblems, seed: config.seed, onProgress };
        return evaluateHeldOut(services.runtime, this.trainer, options);
      },
      watch: {
        onPhase: (phase, done, total) => this.#phase(phase, done, total),
        onGroups: (found) => {
          this.#found = found;
        },
      },
      onHealth: (ailing) => services.emit({ type: 'runAiled', runId: this.#record.id, ailing }),
      onStep: (metrics) => this.#onStep(metrics ?? {}),
      onDone: (metrics, evaluation) => this.#onDone(metrics ?? {}, evaluation),
    };
  }

  /** Keeps a step that was taken. */
  async #onStep(metrics: Metrics): Promise<void> {
    const step = { step: this.#driver.step, metrics };
    this.#record = { ...this.#record, step: step.step };
    await this.#keep(() => this.services.store.appendStep(this.#record, step, this.#groups()));
    this.#steps.push(step);
  }

  #groups(): readonly RolloutGroup[] {
    return this.#found ? presentGroups(this.model.tokenizer, this.#found) : [];
  }

  /**
   * How the weights as they are now read an answer of the last step: which group, and which of its answers.
   * @throws SessionError where it is of another step, or there is none.
   */
  readAgain(step: number, group: number, member: number): Promise<AnswerReading> {
    const answer = this.#found?.step === step ? this.#found.groups[group]?.members[member] : undefined;
    if (answer) return this.trainer.readAgain(answer);
    throw new SessionError(
      `Answer ${member} of group ${group} of step ${step} is not at hand: only those of the last step taken here are.`,
      'Pause the run, take a step, and read its answers.',
    );
  }

  /** Tells of a step, and keeps what an evaluation found. */
  async #onDone(found: Metrics, evaluation: Evaluation | undefined): Promise<void> {
    const { store, emit } = this.services;
    const { step } = this.#driver;
    const { id } = this.#record;
    const metrics = { ...found, ...(evaluation && evaluationMetrics(evaluation)) };
    const isTaken = this.#found?.step === step;
    // Of a run that was left in its evaluation the answers are stored.
    const groups = isTaken ? this.#groups() : await store.listRollouts(id, step);
    if (evaluation) {
      await this.#keep(() => store.appendStep(this.#record, { step, metrics }, groups));
      if (this.#steps.at(-1)?.step === step) this.#steps.pop();
      this.#steps.push({ step, metrics });
      // For the model card, which tells what was measured.
      if (step > 0) await this.#driver.save(true);
    }
    const expertLoad = isTaken ? (this.#found?.loads ?? []) : [];
    emit({ type: 'stepFinished', runId: id, step: { step, metrics }, groups, expertLoad });
    if (!isTaken || !this.#found) return;
    emit({ type: 'workMeasured', work: 'step', cost: presentCost(this.#found.work, this.model.architecture) });
    emit({ type: 'runChanged', run: this.#record });
  }

  async #save(state: TrainingState): Promise<boolean> {
    const { runtime, checkpoints, emit } = this.services;
    this.#phase('saving');
    const folder = { ...(await toFolder(runtime, this.model)), readme: this.card };
    const checkpoint = packSnapshot(state, await writeFolder(folder, {}), this.#devices);
    const save = () => checkpoints.saveCheckpoint(this.#record.id, checkpoint, this.#stepToKeep(state.step));
    if (!(await this.#keep(save))) return false;
    const olderStep = await checkpoints.savedStep(this.#record.id, state.step - 1);
    emit({ type: 'checkpointSaved', runId: this.#record.id, step: state.step, olderStep });
    return true;
  }

  /**
   * The newest checkpoint up to this step is kept beside the one of `step`: that of an earlier step, and while alarms sound one
   * from before them, to go back to.
   */
  #stepToKeep(step: number): number {
    const alarms = soundingAlarms(this.#steps, this.#record.settings.evalProblems);
    return Math.min(step - 1, ...alarms.map(({ goodStep }) => goodStep));
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

  #phase(phase: RunActivity, done = 0, total = 0): void {
    this.services.emit({ type: 'phaseChanged', runId: this.#record.id, phase, done, total });
  }

  async #setStatus(status: RunRecord['status']): Promise<void> {
    this.#record = { ...this.#record, status };
    await this.#keep(() => this.services.store.putRun(this.#record));
    this.services.emit({ type: 'runChanged', run: this.#record });
  }
}

/** Throws DifficultyError or TooFewProblemsError for a difficulty without problems, before anything of the run is kept. */
function createTrainer(runtime: Runtime, model: LanguageModel, { settings }: RunRecord): Promise<GrpoTraining> {
  const task = getTask(settings.task);
  const difficulty = completeDifficulty(task.dials, settings.difficulty);
  drawProblems(task, difficulty, 'held-out', settings.config.seed, 1);
  return GrpoTraining.create(runtime, model, task, difficulty, settings.config);
}
