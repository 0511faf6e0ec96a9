// What training on preferred pairs holds on the device beside its model, and how much memory that takes.
import type { Runtime } from '../../engine/runtime';
import type { PreferenceSums } from '../../kernels/loss/preferenceLoss';
import type { Architecture } from '../../model/architecture';
import { precisionOf } from '../../model/precision';
import type { Weights } from '../../model/weights';
import { type MemoryPlan, planMemory } from '../memoryPlan';
import { Optimizer } from '../optimizer/optimizer';
import type { TrainerParts } from '../trainer';
import { type PreferencePair, pairTokens } from './pairs';
import { type PreferenceConfig, scoreOf } from './preferenceConfig';
import { PreferenceGradient, type PreferenceShape, type PreferenceWork } from './preferenceGradient';

export type PreferenceParts = TrainerParts<PreferenceWork, Promise<PreferenceSums[]>>;

/** The most tokens of one packed batch, unless a pair is longer. */
const MOST_TOKENS = 2048;
/** Over the mean, so that the pairs of a step mostly fit one batch. */
const ROOM = 1.1;

export function preferenceShape(config: PreferenceConfig, pairs: readonly PreferencePair[]): PreferenceShape {
  const lengths = pairs.map(pairTokens);
  const mean = lengths.reduce((sum, length) => sum + length, 0) / lengths.length;
  const usual = Math.ceil(mean * ROOM * config.per_device_train_batch_size);
  return {
    capacity: Math.max(...lengths, Math.min(MOST_TOKENS, usual)),
    maxPairs: config.per_device_train_batch_size,
    score: scoreOf(config),
    gradientCheckpointing: config.gradient_checkpointing,
    precision: precisionOf(config),
  };
}

/** @throws DeviceTooSmallError where the device does not allow a buffer that it needs. */
export function planPreference(runtime: Runtime, model: Architecture, shape: PreferenceShape): Promise<MemoryPlan> {
  return planMemory(runtime, model, (dry, weights) => allocate(dry, weights, shape));
}

/**
 * Allocates and compiles everything.
 * @param weights which have a gradient.
 * @throws DeviceTooSmallError before anything is allocated, OutOfMemoryError.
 */
export async function createPreferenceParts(
  runtime: Runtime,
  weights: Weights,
  shape: PreferenceShape,
): Promise<PreferenceParts> {
  await runtime.tuning.settle();
  await planPreference(runtime, weights.architecture, shape);
  return allocate(runtime, weights, shape);
}

async function allocate(runtime: Runtime, weights: Weights, shape: PreferenceShape): Promise<PreferenceParts> {
  await weights.setPrecision(shape.precision);
  const [gradient, optimizer] = await Promise.all([
    PreferenceGradient.create(runtime, weights, shape),
    Optimizer.create(runtime, weights),
  ]);
  runtime.readback.reserve(optimizer.stateRange.size, gradient.sumsBytes);
  return { gradient, optimizer };
}
