// What training on texts holds on the device beside its model, and how much memory that takes.
import type { BufferRange, KernelTimes, Program } from '../../device/contract';
import type { Runtime } from '../../engine/runtime';
import { moeBias } from '../../kernels/moe/moeRoute';
import { type Architecture, expertLayers } from '../../model/architecture';
import type { WeightPrecision } from '../../model/weightCopies';
import type { Weights } from '../../model/weights';
import { type MemoryPlan, planMemory } from '../memoryPlan';
import { Likelihood } from '../objectives/likelihood';
import type { TokenWeights } from '../objectives/tokenWeights';
import { Optimizer } from '../optimizer/optimizer';
import type { Sequence } from '../packing';
import { TokenMean } from '../tokenMean';
import type { Gradient, TrainerParts } from '../trainer';
import { TrainingBatch, TrainingPass } from '../trainingPass';

export interface LikelihoodShape {
  /** Tokens of one step. */
  readonly capacity: number;
  /** γ of the balancing without auxiliary loss; 0 leaves the selection bias alone. */
  readonly biasSpeed: number;
  /** Computes each layer again in the backward pass, so that its inside need not be kept. */
  readonly gradientCheckpointing?: boolean;
  /** In which the weights are read. f32 if not given. */
  readonly precision?: WeightPrecision;
}

export interface LikelihoodParts extends TrainerParts<readonly Sequence[], void> {
  readonly tokens: TokenWeights;
}

/**
 * The memory of training on texts and of the model that is trained, before there is any of it. What an evaluation takes is
 * not in it.
 * @throws DeviceTooSmallError where the device does not allow a buffer that it needs.
 */
export function planLikelihood(runtime: Runtime, model: Architecture, shape: LikelihoodShape): Promise<MemoryPlan> {
  return planMemory(runtime, model, (dry, weights) => allocate(dry, weights, shape));
}

/**
 * Allocates and compiles everything.
 * @param weights which have a gradient.
 * @throws DeviceTooSmallError before anything is allocated, OutOfMemoryError, HalfPrecisionError.
 */
export async function createLikelihoodParts(
  runtime: Runtime,
  weights: Weights,
  shape: LikelihoodShape,
): Promise<LikelihoodParts> {
  await runtime.tuning.settle();
  await planLikelihood(runtime, weights.architecture, shape);
  return allocate(runtime, weights, shape);
}

async function allocate(runtime: Runtime, weights: Weights, s: LikelihoodShape): Promise<LikelihoodParts> {
  await weights.setPrecision(s.precision ?? 'f32');
  const owner = new TrainingBatch(runtime, weights, s.capacity);
  const objective = new Likelihood(runtime.device, s.capacity);
  const balance = expertLayers(weights.architecture).map(({ layer, experts: { numExperts } }) =>
    moeBias<BufferRange>(
      { numExperts, speed: s.biasSpeed },
      { load: weights.stepLoadRange(layer), bias: weights.biasRange(layer) },
    ),
  );
  const [pass, optimizer, balanceProgram] = await Promise.all([
    TrainingPass.compile(owner, weights, objective, s.gradientCheckpointing),
    Optimizer.create(runtime, weights),
    runtime.device.compile('Balance', s.biasSpeed > 0 ? balance : []),
  ]);
  const gradient = new BalancedMean(weights, new TokenMean(pass, [owner]), balanceProgram);
  return { gradient, optimizer, tokens: objective.tokens };
}

/** Moves the selection bias of the experts by the loads of each step, too. */
class BalancedMean implements Gradient<readonly Sequence[], void> {
  constructor(
    private readonly weights: Weights,
    private readonly mean: TokenMean,
    private readonly balance: Program,
  ) {}

  accumulate(texts: readonly Sequence[]): void {
    this.weights.clearStepLoads();
    this.mean.accumulate(texts);
    this.balance.submit();
  }

  profile(): Promise<KernelTimes | undefined> {
    return this.mean.profile();
  }

  destroy(): void {
    this.mean.destroy();
    this.balance.destroy();
  }
}
