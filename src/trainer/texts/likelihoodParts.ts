// What training on texts holds on the device beside its model, and how much memory that takes.
import type { BufferRange, KernelTimes, Program } from '../../device/contract';
import type { Runtime } from '../../engine/runtime';
import { moeBias } from '../../kernels/moe/moeRoute';
import { SoliloquyError } from '../../lib/errors';
import { type Architecture, expertLayers } from '../../model/architecture';
import { isOfMtp, selectionBiasName } from '../../model/parameterShapes';
import type { WeightPrecision } from '../../model/precision';
import type { Weights } from '../../model/weights';
import { type MemoryPlan, planMemory } from '../memoryPlan';
import type { FurtherTokens } from '../objectives/furtherTokens';
import { Likelihood, type MtpLoss } from '../objectives/likelihood';
import type { TokenWeights } from '../objectives/tokenWeights';
import { isDecayed, Optimizer } from '../optimizer/optimizer';
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
  /** How a module for further tokens learns, where the model has one; it stays as it is, if not given. */
  readonly mtp?: MtpLoss;
}

export interface LikelihoodParts extends TrainerParts<readonly Sequence[], void> {
  readonly tokens: TokenWeights;
  /** Of the module for further tokens, where it learns. */
  readonly further: FurtherTokens | undefined;
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

/** A training of nothing: of a module that is not there or has no loss. */
export class NothingTrainedError extends SoliloquyError {
  readonly code = 'nothing_trained';
}

function mtpLoss({ mtp }: Architecture, s: LikelihoodShape): MtpLoss | undefined {
  if (s.mtp?.use !== 'alone' || (mtp && s.mtp.factor > 0)) return mtp && s.mtp;
  throw new NothingTrainedError(
    mtp
      ? 'The model is frozen (mtp_freeze_base_model), and its module for further tokens has no loss (mtp_loss_scaling_factor 0).'
      : 'The model is frozen (mtp_freeze_base_model), and it has no module for further tokens (num_nextn_predict_layers 0).',
    mtp ? 'Set mtp_loss_scaling_factor above 0.' : 'Add a module to the model, or set mtp_freeze_base_model to false.',
  );
}

async function allocate(runtime: Runtime, weights: Weights, s: LikelihoodShape): Promise<LikelihoodParts> {
  await weights.setPrecision(s.precision ?? 'f32');
  const owner = new TrainingBatch(runtime, weights, s.capacity);
  const { architecture } = weights;
  const mtp = mtpLoss(architecture, s);
  const objective = new Likelihood(runtime.device, s.capacity, mtp);
  /** Whether what is called so learns. */
  const learns = (name: string) => (isOfMtp(name, architecture) ? mtp !== undefined : mtp?.use !== 'alone');
  const balanced = expertLayers(architecture).filter(({ layer }) => learns(selectionBiasName(layer)));
  const balance = balanced.map(({ layer, experts: { numExperts } }) =>
    moeBias<BufferRange>(
      { numExperts, speed: s.biasSpeed },
      { load: weights.stepLoadRange(layer), bias: weights.biasRange(layer) },
    ),
  );
  const [pass, optimizer, balanceProgram] = await Promise.all([
    TrainingPass.compile(owner, weights, objective, s.gradientCheckpointing),
    Optimizer.create(runtime, weights, (name) => isDecayed(name) && learns(name)),
    runtime.device.compile('Balance', s.biasSpeed > 0 ? balance : []),
  ]);
  const gradient = new BalancedMean(weights, new TokenMean(pass, [owner]), balanceProgram);
  return { gradient, optimizer, tokens: objective.tokens, further: objective.further };
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
