// The model before a run beside the model now, on the same held-out problems.
import { Generator } from '../engine/generator';
import { type LanguageModel, loadLanguageModel } from '../engine/languageModel';
import type { Runtime } from '../engine/runtime';
import type { ModelFolder } from '../formats/huggingface/folder';
import type { BeforeAfter } from '../protocol/protocol';
import { drawProblems, type Evaluation, evaluate } from '../trainer/evaluation/evaluate';
import type { GrpoTraining } from '../trainer/grpo/grpo';
import { presentBeforeAfter } from './present';
import type { RunServices } from './runServices';

interface HeldOutOptions {
  readonly numProblems: number;
  readonly seed: number;
  /** The run's own unless given. */
  readonly model?: LanguageModel;
  readonly generator?: Generator;
  readonly onProgress: (done: number, total: number) => void;
  readonly signal?: AbortSignal | undefined;
}

/** Asks held-out problems of a run's task, sampled as in its training. */
export function evaluateHeldOut(
  runtime: Runtime,
  trainer: GrpoTraining,
  { numProblems, seed, model = trainer.model, generator = trainer.generator, onProgress, signal }: HeldOutOptions,
): Promise<Evaluation> {
  const { task, difficulty, sampling } = trainer;
  const problems = drawProblems(task, difficulty, 'held-out', seed, numProblems);
  return evaluate(runtime, model, generator, task, problems, sampling, seed, onProgress, signal);
}

/** One comparison at a time: a new one ends the one under way. */
export class Comparison {
  #controller = new AbortController();

  /** @param readBase the model before the run. */
  constructor(
    private readonly services: Pick<RunServices, 'runtime' | 'lane' | 'emit'>,
    private readonly trainer: GrpoTraining,
    private readonly runId: string,
    private readonly readBase: () => Promise<ModelFolder>,
  ) {}

  /** Undefined where it was stopped meanwhile. */
  async run(numProblems: number, seed: number): Promise<BeforeAfter | undefined> {
    this.stop();
    this.#controller = new AbortController();
    const { signal } = this.#controller;
    try {
      return await this.services.lane.run(() => this.#compare(numProblems, seed, signal));
    } catch (error) {
      if (signal.aborted) return undefined;
      throw error;
    }
  }

  /** Ends the comparison under way before its next batch. */
  stop(): void {
    this.#controller.abort();
  }

  /** Throws the signal's reason once it is aborted. */
  async #compare(numProblems: number, seed: number, signal: AbortSignal): Promise<BeforeAfter> {
    const { trainer } = this;
    const { runtime, emit } = this.services;
    const progress = (first: number) => (done: number) =>
      emit({ type: 'comparisonProgressed', runId: this.runId, done: first + done, total: 2 * numProblems });
    const options = { numProblems, seed, signal };
    const after = await evaluateHeldOut(runtime, trainer, { ...options, onProgress: progress(0) });
    const model = await loadLanguageModel(runtime, 'before', await this.readBase(), false);
    const generator = new Generator(runtime, model.weights, trainer.generator.capacity);
    try {
      const onProgress = progress(numProblems);
      const before = await evaluateHeldOut(runtime, trainer, { ...options, model, generator, onProgress });
      return presentBeforeAfter(model.tokenizer, trainer.task, before, after);
    } finally {
      await generator.destroy();
      model.weights.destroy();
    }
  }
}
