// Drives one training, whoever it is for: a run of the page, a stage of a pipeline, a command. It decides when the model is
// evaluated, when the state is saved and when the training is given up; where things are kept and told is its host's.
// Stopped anywhere and gone on with from its last snapshot, a training makes the same weights, bit for bit.
import type { Evaluation } from '../trainer/evaluation/evaluate';
import { type Ailing, vitalsOfJudged, type WreckedRemedy, WreckedRunError } from '../trainer/health';
import type { Metrics, StepWatch, Training, TrainingMemory } from '../trainer/training';
import { isEvaluationDue, isSaveDue, type Rhythm } from './rhythm';

/** The state of a training as it is handed over to be kept, with the model's weights as they are now. */
export interface TrainingState {
  readonly step: number;
  /** Wall time so far. */
  readonly seconds: number;
  readonly memory: TrainingMemory;
  /** The last step's metrics, where the evaluation that is due after it is still to come. */
  readonly unmeasured?: Metrics | undefined;
}

/** What the driver asks of whoever drives. */
export interface DriverHost {
  /** Keeps a state, whole or not at all. False: there was no room, and the training goes on without. */
  save(state: TrainingState): Promise<boolean>;
  /** Forgets the states after a step. Resolves to the step of the one that is left; undefined: none is. */
  dropAfter(step: number): Promise<number | undefined>;
  /** Asks the held-out problems. */
  evaluate(): Promise<Evaluation>;
  /** A step was taken; what may come after it, a save and an evaluation, takes long. */
  onStep?(metrics: Metrics | undefined): Promise<void> | void;
  /** All that belongs to a step was done. Step 0 is the model before its first step. */
  onDone?(metrics: Metrics | undefined, evaluation: Evaluation | undefined): Promise<void> | void;
  /** The last step found the weights ailing; undefined: well again. */
  onHealth?(ailing: Ailing | undefined): void;
  readonly watch?: Omit<StepWatch, 'isTold'>;
  /** In the place of the usual one, where weights are wrecked. */
  readonly remedy?: WreckedRemedy;
}

/** Where a training goes on. */
export interface Resumed {
  /** Step of the state it was restored from. */
  readonly savedStep: number;
  readonly seconds: number;
  readonly unmeasured?: Metrics | undefined;
  /** The evaluation after its last step was made. */
  readonly isEvaluated?: boolean;
}

export class Driver {
  readonly #openedMs = performance.now();
  #savedStep: number | undefined;
  /** Of the step whose evaluation is to come. */
  #unmeasured: Metrics | undefined;
  #isStartEvaluated = false;
  /** What was measured, by step. */
  readonly #accuracies = new Map<number, number>();
  #isSaveWanted = false;

  /**
   * @param tokenBudget ends the training, whatever steps are left. @param resumed where the training was restored.
   */
  constructor(
    readonly training: Training,
    private readonly rhythm: Rhythm,
    private readonly host: DriverHost,
    private readonly resumed?: Resumed,
    private readonly tokenBudget?: number,
  ) {
    this.#savedStep = resumed?.savedStep;
    this.#unmeasured = resumed?.unmeasured;
    const isEvaluated = resumed?.isEvaluated || !rhythm.evaluatesEnd;
    // Left before its evaluation, or a model that needs no step.
    if (this.isTrained && !isEvaluated) this.#unmeasured ??= {};
  }

  get step(): number {
    return this.training.step;
  }

  /** Step of the last state that was kept. */
  get savedStep(): number | undefined {
    return this.#savedStep;
  }

  /** Wall time, with that before the training was resumed. */
  get seconds(): number {
    return (this.resumed?.seconds ?? 0) + (performance.now() - this.#openedMs) / 1000;
  }

  /** From 0 to 1: of its steps or of its token budget, whichever ends it first. */
  get share(): number {
    const { step, total, tokens } = this.training;
    const ofSteps = total > 0 ? step / total : 1;
    return Math.min(1, Math.max(ofSteps, this.tokenBudget === undefined ? 0 : tokens / this.tokenBudget));
  }

  /** Every step is taken. */
  get isTrained(): boolean {
    return this.share >= 1;
  }

  /** Nothing is left to do, not even an evaluation. */
  get isDone(): boolean {
    return this.isTrained && this.#unmeasured === undefined;
  }

  /** Saves at the end of the step under way, whether that is due or not. */
  saveSoon(): void {
    this.#isSaveWanted = true;
  }

  /**
   * Does the next bit: makes up for an evaluation that was left, evaluates the model before its first step, or takes a step
   * with whatever is due after it. Throws WreckedRunError where no step is worth taking any more.
   */
  async advance(): Promise<void> {
    if (this.#unmeasured) return this.#evaluateStep(this.#unmeasured);
    if (this.isTrained) return;
    if (this.step > 0 || this.#isStartEvaluated) return this.#takeStep();
    // From its first moment a training can be gone on with.
    if (isSaveDue(0, this.#savedStep, this.rhythm.saveEvery)) await this.save();
    this.#isStartEvaluated = true;
    if (!isEvaluationDue(this.rhythm, 0, false)) return this.#takeStep();
    await this.host.onDone?.(undefined, await this.#evaluate());
  }

  async #takeStep(): Promise<void> {
    const { training, rhythm, host } = this;
    const before = training.health?.ailing;
    const next = this.step + 1;
    const isTold =
      next % rhythm.tellEvery === 0 || next >= training.total || isEvaluationDue(rhythm, next, next >= training.total);
    const metrics = await training.run({ ...host.watch, isTold });
    const { step, isTrained } = this;
    const isEvaluated = isEvaluationDue(rhythm, step, isTrained);
    const isKept = isEvaluated || isTrained || this.#isSaveWanted || isSaveDue(step, this.#savedStep, rhythm.saveEvery);
    if (isKept) await training.look?.();
    await host.onStep?.(metrics);
    const ailing = training.health?.ailing;
    if (ailing !== before) host.onHealth?.(ailing);
    const isWrecked = ailing !== undefined && (ailing.stepsLeft === 0 || isTrained);
    if (isEvaluated && !isWrecked) this.#unmeasured = metrics ?? {};
    // An evaluation takes long: what was learned is kept before it.
    if (isKept) await this.save();
    if (this.#unmeasured) return this.#evaluateStep(this.#unmeasured);
    await host.onDone?.(metrics, undefined);
    if (isWrecked) await this.#giveUp(ailing);
  }

  async #evaluateStep(metrics: Metrics): Promise<void> {
    const evaluation = await this.#evaluate();
    this.#unmeasured = undefined;
    await this.host.onDone?.(metrics, evaluation);
  }

  /** Throws WreckedRunError where the answers show that no step is worth taking after it. */
  async #evaluate(): Promise<Evaluation> {
    const evaluation = await this.host.evaluate();
    this.#accuracies.set(this.step, evaluation.accuracy);
    // No step comes after the last, and none is worth taking after a bad start.
    const isFinal = this.step === 0 || this.isTrained;
    const before = this.training.health?.ailing;
    const ailing = this.training.health?.observeEvaluation(this.step, vitalsOfJudged(evaluation.answers), isFinal);
    if (ailing !== before) this.host.onHealth?.(ailing);
    if (ailing?.stepsLeft === 0) await this.#giveUp(ailing);
    return evaluation;
  }

  /** Keeps only what was saved before the weights went wrong. */
  async #giveUp(ailing: Ailing): Promise<never> {
    const step = await this.host.dropAfter(this.training.health?.goodStep ?? -1);
    const best = Math.max(...this.#accuracies.values());
    const kept = step === undefined ? undefined : { step, accuracy: this.#accuracies.get(step), best };
    throw new WreckedRunError(ailing, kept, this.host.remedy);
  }

  /**
   * Saves the state unless it is saved, or its weights ail or may: these must not take the place of good ones.
   * @param again also if it is.
   */
  async save(again = false): Promise<void> {
    const { training, seconds } = this;
    this.#isSaveWanted = false;
    if (this.#savedStep === this.step && !again) return;
    await training.look?.();
    if (training.health?.ailing || training.health?.isDoubtful) return;
    const state = { step: this.step, seconds, memory: await training.remember(), unmeasured: this.#unmeasured };
    if (await this.host.save(state)) this.#savedStep = state.step;
  }
}
