// The settings of AdamW and of its schedule, under transformers' names: written once for every kind of training.
import * as v from 'valibot';
import type { AdamwSettings } from '../../kernels/optimizer/adamw';
import { learningRateAt } from './schedule';

const nonNegative = v.pipe(v.number(), v.minValue(0));
const positive = v.pipe(v.number(), v.gtValue(0));
const share = v.pipe(v.number(), v.minValue(0), v.maxValue(1));
const count = v.pipe(v.number(), v.integer(), v.minValue(0));
const scheduler = v.picklist(['constant', 'constant_with_warmup', 'linear', 'cosine']);

/** What differs between kinds of training. */
interface Defaults {
  readonly learning_rate: number;
  readonly lr_scheduler_type: v.InferOutput<typeof scheduler>;
  readonly adam_beta2: number;
  readonly weight_decay: number;
}

/** Entries of a schema. */
export function optimizerEntries(defaults: Defaults) {
  return {
    learning_rate: v.optional(nonNegative, defaults.learning_rate),
    lr_scheduler_type: v.optional(scheduler, defaults.lr_scheduler_type),
    warmup_steps: v.optional(count, 0),
    adam_beta1: v.optional(share, 0.9),
    adam_beta2: v.optional(share, defaults.adam_beta2),
    adam_epsilon: v.optional(positive, 1e-8),
    weight_decay: v.optional(nonNegative, defaults.weight_decay),
    max_grad_norm: v.optional(positive, 1),
    /** Computes each layer again in the backward pass. Less memory, a slower step, the same bits. */
    gradient_checkpointing: v.optional(v.boolean(), false),
    /** The model's weights are read in half precision; sums, activations and the optimizer stay in f32. */
    fp16: v.optional(v.boolean(), false),
    /** Products of hidden states and weights take both in eight bits (E4M3), as DeepSeek-V3's; all else stays in f32. */
    fp8: v.optional(v.boolean(), false),
  };
}

type Entries = ReturnType<typeof optimizerEntries>;

/** What an optimizer step is taken with. */
export type OptimizerSettings = {
  readonly [K in Exclude<keyof Entries, 'gradient_checkpointing' | 'fp16' | 'fp8'>]: v.InferOutput<Entries[K]>;
} & {
  /** Where a cosine ends, as a share of learning_rate. 0 if not given. */
  readonly min_learning_rate_share?: number;
};

/** AdamW's numbers for the step after so many of a whole. */
export function adamwSettings(s: OptimizerSettings, step: number, totalSteps: number): AdamwSettings {
  const schedule = {
    type: s.lr_scheduler_type,
    learningRate: s.learning_rate,
    warmupSteps: s.warmup_steps,
    totalSteps,
    minLearningRateShare: s.min_learning_rate_share ?? 0,
  };
  return {
    learningRate: learningRateAt(step, schedule),
    beta1: s.adam_beta1,
    beta2: s.adam_beta2,
    epsilon: s.adam_epsilon,
    weightDecay: s.weight_decay,
    maxNorm: s.max_grad_norm,
  };
}
