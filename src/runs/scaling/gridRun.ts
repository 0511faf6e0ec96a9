// One training of a scaling grid: a model from nothing, trained on so many tokens, and its loss on held-out texts.
import { type LanguageModel, loadLanguageModel } from '../../engine/languageModel';
import type { Runtime } from '../../engine/runtime';
import type { ModelFolder } from '../../formats/huggingface/folder';
import type { TrainedPoint } from '../../lib/scaling/law';
import { countParameters } from '../../model/parameterShapes';
import { PRESETS } from '../../model/presets';
import type { Tokenizer } from '../../tokenizer/tokenizer';
import { lengthOf, pack, type Sequence, writeBatch } from '../../trainer/packing';
import { ScorePass } from '../../trainer/scorePass';
import type { LikelihoodSettings } from '../../trainer/texts/likelihoodSettings';
import { LikelihoodTraining } from '../../trainer/texts/likelihoodTraining';
import { corpusText, heldOutText, initialFolder } from '../../trainer/texts/pretrain';
import { shuffledTexts } from '../../trainer/texts/sft';
import { TrainingBatch } from '../../trainer/trainingPass';
import type { GridRun, ScalingRecipe } from './scalingRecipe';

/** What the rate is given for; it falls with the width (Yang et al., arXiv 2203.03466, for Adam). */
const RATE_WIDTH = 64;

export interface GridResult extends TrainedPoint {
  readonly id: string;
  readonly size: string;
  /** Trained parameters beside the embedding and the head. */
  readonly innerParameters: number;
  readonly steps: number;
  readonly learningRate: number;
  readonly seconds: number;
  readonly device: string;
}

export interface GridHooks {
  readonly signal?: AbortSignal | undefined;
  /** Called with steps taken, of so many, and the loss on the texts of late. */
  onStep?(step: number, total: number, loss: number | undefined): void;
  /** Runs a stretch of work when its turn comes. */
  inTurn?<T>(work: () => Promise<T>): Promise<T>;
}

const STEPS_PER_TURN = 10;

/** The model of a size before its first step. Throws ModelConfigError for sizes that do not fit together. */
export function gridModel(recipe: ScalingRecipe, { size }: GridRun): ModelFolder {
  return initialFolder({ preset: recipe.preset, model: size.model, seed: recipe.seed, task: recipe.task });
}

/** The settings of a run's training: its steps, and its rate by its width. */
export function gridSettings(recipe: ScalingRecipe, run: GridRun): LikelihoodSettings {
  const width = Number(run.size.model.hidden_size ?? PRESETS[recipe.preset].hidden_size);
  const { training, seed } = recipe;
  return {
    ...training,
    seed,
    steps: Math.ceil(run.tokens / training.tokens_per_step),
    learning_rate: (training.learning_rate * RATE_WIDTH) / width,
  };
}

/** The texts of a run by number, and the tokens among them that differ. */
export function gridTexts(recipe: ScalingRecipe, run: GridRun, tokenizer: Tokenizer) {
  const textAt = (index: number) => corpusText(recipe, tokenizer, index);
  if (run.uniqueTokens === undefined) return { textAt, uniqueTokens: undefined };
  const texts: Sequence[] = [];
  let uniqueTokens = 0;
  while (uniqueTokens < run.uniqueTokens) {
    const text = textAt(texts.length);
    uniqueTokens += lengthOf(text);
    texts.push(text);
  }
  return { textAt: shuffledTexts(texts, recipe.seed), uniqueTokens };
}

/**
 * Trains and measures. Ends between two steps with the signal's reason where that is aborted.
 * @throws ModelConfigError, OutOfMemoryError, DeviceTooSmallError.
 */
export async function trainGridRun(
  runtime: Runtime,
  recipe: ScalingRecipe,
  run: GridRun,
  { signal, onStep, inTurn = (work) => work() }: GridHooks = {},
): Promise<GridResult> {
  const startMs = performance.now();
  const folder = gridModel(recipe, run);
  const settings = gridSettings(recipe, run);
  const { architecture } = folder.description;
  const model = await inTurn(() => loadLanguageModel(runtime, run.id, folder, true));
  let training: LikelihoodTraining | undefined;
  try {
    const { textAt, uniqueTokens } = gridTexts(recipe, run, model.tokenizer);
    training = await inTurn(() => LikelihoodTraining.create(runtime, model, settings, textAt));
    for (const trained = training; !trained.isDone; ) {
      signal?.throwIfAborted();
      const metrics = await inTurn(async () => {
        for (let i = 0; i < STEPS_PER_TURN && !trained.isDone; i++) await trained.run();
        return trained.readMetrics();
      });
      onStep?.(trained.step, trained.total, metrics.loss);
    }
    const loss = await inTurn(() => heldOutLoss(runtime, model, recipe));
    const { total } = countParameters(architecture);
    const around = (architecture.isTied ? 1 : 2) * architecture.vocabulary * architecture.width;
    return {
      id: run.id,
      size: run.size.name,
      parameters: total,
      innerParameters: total - around,
      tokens: training.tokens,
      uniqueTokens: Math.min(uniqueTokens ?? training.tokens, training.tokens),
      loss,
      steps: training.step,
      learningRate: settings.learning_rate,
      seconds: (performance.now() - startMs) / 1000,
      device: runtime.device.name,
    };
  } finally {
    const held = training;
    await inTurn(async () => {
      await held?.destroy();
      model.weights.destroy();
    });
  }
}

/** Mean over the tokens of held-out texts, the same for every run, in nats. */
async function heldOutLoss(runtime: Runtime, model: LanguageModel, recipe: ScalingRecipe): Promise<number> {
  const { tokens_per_step: capacity } = recipe.training;
  const texts = Array.from({ length: recipe.evaluation.texts }, (_, i) => heldOutText(recipe, model.tokenizer, i));
  const owner = await runtime.device.guardMemory(() => new TrainingBatch(runtime, model.weights, capacity));
  let pass: ScorePass | undefined;
  try {
    pass = await ScorePass.compile(owner, model.weights);
    let sum = 0;
    for (const batch of pack(texts, capacity, 'whole')) {
      const firsts = writeBatch(owner.batch, batch, texts);
      pass.submit();
      const logps = await pass.readLogProbs();
      batch.members.forEach((member, m) => {
        const first = firsts[m] as number;
        const { completion } = texts[member] as Sequence;
        for (let i = 0; i < completion.length; i++) sum -= logps[first + i] as number;
      });
    }
    return sum / texts.reduce((total, { completion }) => total + completion.length, 0);
  } finally {
    pass?.destroy();
    owner.destroy();
  }
}
