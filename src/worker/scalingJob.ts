// Measures test-time scaling of one or more models, each a copy of its own on the device: between its batches the lane is
// free for questions and training steps.

import { loadLanguageModel, samplingOf } from '../engine/languageModel';
import type { Runtime } from '../engine/runtime';
import { checkControl } from '../engine/thinkingControl';
import type { ModelFolder } from '../formats/huggingface/folder';
import { describeError } from '../lib/errors';
import type { EngineEvent, ScalingRequest } from '../protocol/protocol';
import { completeDifficulty } from '../tasks/difficulty';
import { getTask } from '../tasks/registry';
import type { Problem, Task } from '../tasks/task';
import { drawProblems } from '../trainer/evaluation/evaluate';
import { measureScaling } from '../trainer/evaluation/scaling';
import { checkCompletionLength, commonLength } from '../trainer/positions';
import type { Lane } from './lane';
import { presentMeasurement } from './present';

/** Answers at once: enough for a graphics card; few enough in software that a stop does not wait long. */
const BATCH = { card: 128, software: 32 };

interface ScalingServices {
  readonly runtime: Runtime;
  readonly lane: Lane;
  emit(event: EngineEvent): void;
}

export class ScalingJob {
  private constructor(
    private readonly services: ScalingServices,
    private readonly folders: readonly ModelFolder[],
    private readonly request: ScalingRequest,
    private readonly task: Task,
    private readonly problems: readonly Problem[],
    private readonly maxTokens: number,
  ) {}

  /** Throws DifficultyError, CompletionLengthError or ThinkingControlError for what cannot be measured. */
  static create(services: ScalingServices, folders: readonly ModelFolder[], request: ScalingRequest): ScalingJob {
    const task = getTask(request.task);
    const difficulty = completeDifficulty(task.dials, request.difficulty);
    const maxTokens = request.maxTokens ?? commonLength(folders);
    for (const { description } of folders)
      checkCompletionLength({ max_completion_length: maxTokens }, description.architecture);
    for (const control of request.controls) checkControl(control, maxTokens);
    const problems = drawProblems(task, difficulty, 'held-out', request.seed, request.numProblems);
    return new ScalingJob(services, folders, request, task, problems, maxTokens);
  }

  /** Never rejects: how it went is told in events. */
  async run(signal: AbortSignal): Promise<void> {
    const { emit } = this.services;
    try {
      for (const place of this.folders.keys()) await this.#measure(place, signal);
      emit({ type: 'scalingEnded', isStopped: false });
    } catch (error) {
      if (signal.aborted) emit({ type: 'scalingEnded', isStopped: true });
      else emit({ type: 'scalingFailed', error: describeError(error) });
    }
  }

  async #measure(place: number, signal: AbortSignal): Promise<void> {
    const { runtime, lane, emit } = this.services;
    const { samples, controls, seed, temperature } = this.request;
    const folder = this.folders[place] as ModelFolder;
    const model = await lane.run(() => loadLanguageModel(runtime, `model ${place + 1}`, folder, false));
    const plan = {
      task: this.task,
      problems: this.problems,
      sampling: samplingOf(model, { temperature, topP: 1, topK: 0, maxNewTokens: this.maxTokens }),
      seed,
      samples,
      batch: runtime.device.isSoftware ? BATCH.software : BATCH.card,
      controls: [undefined, ...controls],
    };
    const hooks = {
      signal,
      inTurn: <T>(batch: () => Promise<T>) => lane.run(batch),
      onProgress: (done: number, total: number) =>
        emit({ type: 'scalingProgressed', done: place * total + done, total: this.folders.length * total }),
    };
    try {
      for await (const measurement of measureScaling(runtime, model, plan, hooks)) {
        emit({ type: 'scalingMeasured', model: place, measure: presentMeasurement(measurement) });
      }
    } finally {
      await lane.run(async () => model.weights.destroy());
    }
  }
}
