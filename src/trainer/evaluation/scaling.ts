// Test-time scaling: what a model gains, without training, from thinking longer (s1, arXiv 2501.19393) and from answering
// more than once (arXiv 2407.21787). The same problems and seeds whatever is measured, so that models can be set side by side.
import type { SamplingOptions } from '../../engine/generateRequest';
import type { LanguageModel } from '../../engine/languageModel';
import type { Runtime } from '../../engine/runtime';
import type { ThinkingControl } from '../../engine/thinkingControl';
import { meanAndStd } from '../../lib/meanAndStd';
import { clusteredInterval, type Interval } from '../../lib/wilson';
import type { Problem, Task } from '../../tasks/task';
import { type ScalingPoint, scalingCurve } from '../../tasks/votes';

import { checkAnswers } from '../health';
import {
  type Evaluation,
  type JudgedAnswer,
  questionGenerator,
  type SampleOptions,
  sampleAnswers,
  summarizeAnswers,
} from './evaluate';

export interface ScalingPlan {
  readonly task: Task;
  readonly problems: readonly Problem[];
  readonly sampling: SamplingOptions;
  readonly seed: number;
  /** Answers to each problem. */
  readonly samples: number;
  /** Answers at once, where there are that many; no number of a measurement depends on it. */
  readonly batch: number;
  /** Each is measured on its own; undefined: the model thinks as it likes. */
  readonly controls: readonly (ThinkingControl | undefined)[];
}

/** What the model does under one control. */
export interface Measurement {
  readonly control: ThinkingControl | undefined;
  readonly evaluation: Evaluation;
  /**
   * Standard error of the accuracy; answers to one problem are not independent, so it is that of the problems' means
   * (arXiv 2411.00640, section 2.2). NaN for a single problem.
   */
  readonly accuracyError: number;
  /** 95 %, of the accuracy, by the same reasoning. */
  readonly accuracyInterval: Interval;
  readonly votes: readonly ScalingPoint[];
}

type ScalingHooks = Pick<SampleOptions, 'onProgress' | 'inTurn' | 'signal'>;

/**
 * Measures a model under one control after the other. `onProgress` counts problems over all controls.
 * @throws WreckedModelError where the weights cannot answer; ThinkingControlError where a budget does not fit
 * `sampling.maxNewTokens`, or the model has no think tags.
 */
export async function* measureScaling(
  runtime: Runtime,
  model: LanguageModel,
  { task, problems, sampling, seed, samples, batch, controls }: ScalingPlan,
  { onProgress, inTurn, signal }: ScalingHooks = {},
): AsyncGenerator<Measurement> {
  const rollouts = Math.max(samples, Math.min(batch, problems.length * samples));
  const isControlled = controls.some((control) => control !== undefined);
  const generator = questionGenerator(runtime, model, rollouts, sampling.maxNewTokens, isControlled);
  try {
    for (const [place, control] of controls.entries()) {
      const answers = await sampleAnswers(runtime, model, generator, task, problems, {
        sampling,
        seed,
        samples,
        control,
        inTurn,
        signal,
        onProgress: (done, total) => onProgress?.(place * total + done, controls.length * total),
      });
      const shares = answers.map((group) => group.filter(({ verdict }) => verdict.correct).length / group.length);
      const rollouts = answers.flat().map(({ rollout }) => rollout);
      checkAnswers(model.name, model.architecture.vocabulary, rollouts);
      yield {
        control,
        evaluation: summarizeAnswers(answers.flat()),
        accuracyError: meanAndStd(shares).std / Math.sqrt(shares.length),
        accuracyInterval: clusteredInterval(shares, samples),
        votes: votesOf(answers),
      };
    }
  } finally {
    await generator.destroy();
  }
}

/** pass@k and maj@k of answers by problem. */
function votesOf(answers: readonly (readonly JudgedAnswer[])[]): ScalingPoint[] {
  return scalingCurve(
    answers.map((group) =>
      group.map(({ completion, verdict }) => ({ answer: completion.answer, isCorrect: verdict.correct })),
    ),
  );
}
