// What decides the weights in training on texts, pretraining or SFT, beside the texts.
import * as v from 'valibot';
import { precisionOf } from '../../model/precision';
import { optimizerEntries } from '../optimizer/optimizerSettings';
import type { LikelihoodShape } from './likelihoodParts';

const integer = v.pipe(v.number(), v.integer(), v.minValue(1));
const count = v.pipe(v.number(), v.integer(), v.minValue(0));
const share = v.pipe(v.number(), v.minValue(0), v.maxValue(1));

const optimizer = optimizerEntries({
  learning_rate: 3e-4,
  lr_scheduler_type: 'cosine',
  adam_beta2: 0.95,
  weight_decay: 0.01,
});

export const likelihoodSettings = {
  seed: count,
  steps: integer,
  /** Tokens of one packed batch; one batch is one optimizer step. */
  tokens_per_step: integer,
  ...optimizer,
  learning_rate: optimizer.learning_rate.wrapped,
  /** Where the cosine ends, as a share of learning_rate. */
  min_learning_rate_share: v.optional(share, 0.1),
  /** γ of the balancing without auxiliary loss; 0 leaves the selection bias alone. */
  bias_speed: v.optional(v.pipe(v.number(), v.minValue(0)), 0.001),
  /** λ of the loss of a module for further tokens, where the model has one; Megatron's name and value. 0 leaves it as it is. */
  mtp_loss_scaling_factor: v.optional(v.pipe(v.number(), v.minValue(0)), 0.1),
  /** Whether that module alone learns. */
  mtp_freeze_base_model: v.optional(v.boolean(), false),
};

const settingsSchema = v.object(likelihoodSettings);
export type LikelihoodSettings = v.InferOutput<typeof settingsSchema>;

/**
 * What the settings say of a step's size and numbers, and of what it trains. @throws PrecisionError where they ask for two
 * precisions.
 */
export function likelihoodShape(s: LikelihoodSettings): LikelihoodShape {
  const factor = s.mtp_loss_scaling_factor;
  return {
    capacity: s.tokens_per_step,
    biasSpeed: s.bias_speed,
    gradientCheckpointing: s.gradient_checkpointing,
    precision: precisionOf(s),
    ...((factor > 0 || s.mtp_freeze_base_model) && {
      mtp: { use: s.mtp_freeze_base_model ? 'alone' : 'joint', factor },
    }),
  };
}
