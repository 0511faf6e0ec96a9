// The options of training on preferred pairs: names of TRL's DPOConfig and RewardConfig (trl 1.13). Rates, batch and epochs are
// those of a short run on a small model; the rest has TRL's defaults.
import * as v from 'valibot';
import type { PreferenceScore, PreferenceSettings } from '../objectives/preference';
import { PREFERENCE_LOSS_TYPE_NAMES, PREFERENCE_LOSS_TYPES } from '../objectives/preferenceLossTypes';
import { optimizerEntries } from '../optimizer/optimizerSettings';

const count = v.pipe(v.number(), v.integer(), v.minValue(1));
const nonNegative = v.pipe(v.number(), v.minValue(0));
const positive = v.pipe(v.number(), v.gtValue(0));

const shared = (learning_rate: number) => ({
  ...optimizerEntries({ learning_rate, lr_scheduler_type: 'linear', adam_beta2: 0.999, weight_decay: 0 }),
  /** Pairs of an optimizer step. */
  per_device_train_batch_size: v.optional(count, 32),
  num_train_epochs: v.optional(positive, 3),
  /** Optimizer steps; −1: as many as num_train_epochs ask for. */
  max_steps: v.optional(v.union([v.literal(-1), count]), -1),
  seed: v.optional(v.pipe(v.number(), v.integer(), v.minValue(0)), 42),
});

export const dpoConfigSchema = v.object({
  ...shared(1e-4),
  /** How near the model stays to the reference: the smaller, the further it may go. */
  beta: v.optional(positive, 0.1),
  loss_type: v.optional(v.picklist(PREFERENCE_LOSS_TYPE_NAMES), 'sigmoid'),
  /** Of loss_type robust: the share of labels that are thought to be swapped. */
  label_smoothing: v.optional(v.pipe(nonNegative, v.ltValue(0.5)), 0),
});

export const rewardConfigSchema = v.object({
  ...shared(1e-3),
  /** Pulls the two grades of a pair toward a sum of 0 (arXiv 2312.09244); null: not at all. */
  center_rewards_coefficient: v.optional(v.nullable(nonNegative), null),
});

export type DpoConfig = v.InferOutput<typeof dpoConfigSchema>;
export type RewardConfig = v.InferOutput<typeof rewardConfigSchema>;
export type PreferenceConfig = DpoConfig | RewardConfig;

export function isDpo(config: PreferenceConfig): config is DpoConfig {
  return 'loss_type' in config;
}

/** What scores are made of. */
export function scoreOf(config: PreferenceConfig): PreferenceScore {
  return isDpo(config) ? 'logProbs' : 'grade';
}

/** Optimizer steps on so many pairs. */
export function numPreferenceSteps(config: PreferenceConfig, numPairs: number): number {
  if (config.max_steps > 0) return config.max_steps;
  return Math.ceil((config.num_train_epochs * numPairs) / config.per_device_train_batch_size);
}

/** The loss of a step of so many pairs. */
export function preferenceSettings(config: PreferenceConfig, numPairs: number): PreferenceSettings {
  const weight = 1 / numPairs;
  if (!isDpo(config)) {
    const { sigmoid } = PREFERENCE_LOSS_TYPES;
    const center = config.center_rewards_coefficient ?? 0;
    return { term: sigmoid.term, isMean: false, beta: 1, labelSmoothing: 0, center, weight };
  }
  const { term, isMean, isSmoothed } = PREFERENCE_LOSS_TYPES[config.loss_type];
  const labelSmoothing = isSmoothed ? config.label_smoothing : 0;
  return { term, isMean, beta: config.beta, labelSmoothing, center: 0, weight };
}
