// The loss types of GRPO under TRL's names, each told in one place. One more is an entry here, its term in
// shaders/loss/grpo_loss.wgsl where none of those there will do, and its reference in src/reference/grpoLoss.ts. Its numbers
// are pinned against TRL's (reference/python/golden.py). Only a metric of its own needs more: a sum in
// src/kernels/loss/grpoLoss.ts and its name in src/trainer/grpo/updateMetrics.ts.
// Formulas: TRL 1.13, trl/trainer/grpo_trainer.py, _compute_loss.

/** What decides how much a token of a mini-batch weighs. */
export interface MiniBatchShape {
  /** Tokens that count, by rollout. */
  readonly lengths: readonly number[];
  /** Tokens that count in the whole generation. */
  readonly numItemsInBatch: number;
  readonly max_completion_length: number;
  readonly steps_per_generation: number;
}

/** What the policy's part of the loss is made of. */
export type PolicyTerm = 'clipped' | 'capped' | 'gated' | 'weighed';

export interface LossType {
  readonly term: PolicyTerm;
  /** What one token's loss is multiplied by, for each rollout. */
  weights(shape: MiniBatchShape): number[];
  /**
   * What its clipping is told by: shares below and above the region, the share above the cap, or the mean of its weights;
   * absent if it has none.
   */
  readonly clipping?: 'region' | 'cap' | 'weight';
  /** Whether it sums over tokens, so that an answer with one ratio weighs as it is long. */
  readonly sumsTokens: boolean;
}

/** Options that a term is shaped by. */
export interface TermOptions {
  readonly sapo_temperature_pos: number;
  readonly sapo_temperature_neg: number;
  readonly vespo_k_pos: number;
  readonly vespo_lambda_pos: number;
  readonly vespo_k_neg: number;
  readonly vespo_lambda_neg: number;
}

/**
 * Numbers of the terms in the shader: −min(ratio·A, clip(ratio)·A), −min(ratio, cap)·A·logp, −gate(ratio)·A,
 * −φ(the answer's ratio)·A·logp.
 */
export const POLICY_TERMS: Readonly<Record<PolicyTerm, number>> = { clipped: 0, capped: 1, gated: 2, weighed: 3 };

/** What the shader shapes an encouraged answer's term by, and a discouraged one's. */
export function termShapes(term: PolicyTerm, o: TermOptions): { up: [number, number]; down: [number, number] } {
  if (term === 'weighed') return { up: [o.vespo_k_pos, o.vespo_lambda_pos], down: [o.vespo_k_neg, o.vespo_lambda_neg] };
  return { up: [o.sapo_temperature_pos, 0], down: [o.sapo_temperature_neg, 0] };
}

/** The mean over a completion's tokens, then over completions. */
const byCompletion = ({ lengths }: MiniBatchShape) =>
  lengths.map((length) => 1 / (Math.max(length, 1) * lengths.length));

/** The mean over a mini-batch's even share of the generation's tokens: a token weighs the same in whichever it falls. */
const byGeneration = ({ lengths, numItemsInBatch, steps_per_generation }: MiniBatchShape) =>
  lengths.map(() => steps_per_generation / Math.max(1, numItemsInBatch));

const TYPES = {
  /** DeepSeekMath (arXiv 2402.03300). */
  grpo: { term: 'clipped', weights: byCompletion, clipping: 'region', sumsTokens: false },
  /** DAPO (arXiv 2503.14476). */
  dapo: { term: 'clipped', weights: byGeneration, clipping: 'region', sumsTokens: true },
  bnpo: {
    term: 'clipped',
    weights: ({ lengths }) => {
      const own = lengths.reduce((sum, length) => sum + length, 0);
      return lengths.map(() => 1 / Math.max(1, own));
    },
    clipping: 'region',
    sumsTokens: true,
  },
  /** Dr. GRPO (arXiv 2503.20783). */
  dr_grpo: {
    term: 'clipped',
    weights: ({ lengths, max_completion_length }) => lengths.map(() => 1 / (lengths.length * max_completion_length)),
    clipping: 'region',
    sumsTokens: true,
  },
  /** MiniMax-M1 (arXiv 2506.13585). */
  cispo: { term: 'capped', weights: byGeneration, clipping: 'cap', sumsTokens: true },
  /** Length-unbiased sequence policy optimization (arXiv 2602.05261), meant for ratios of whole answers. */
  luspo: {
    term: 'clipped',
    weights: ({ lengths }) => lengths.map(() => 1 / lengths.length),
    clipping: 'region',
    sumsTokens: false,
  },
  /** Soft adaptive policy optimization (arXiv 2511.20347): a smooth gate in place of the clip. */
  sapo: { term: 'gated', weights: byCompletion, sumsTokens: false },
  /** Variational sequence-level soft policy optimization (arXiv 2602.10693): a soft weight of the whole answer. */
  vespo: { term: 'weighed', weights: byGeneration, clipping: 'weight', sumsTokens: true },
} as const satisfies Record<string, LossType>;

export type LossTypeName = keyof typeof TYPES;

export const LOSS_TYPES: Readonly<Record<LossTypeName, LossType>> = TYPES;

export const LOSS_TYPE_NAMES = Object.keys(TYPES) as [LossTypeName, ...LossTypeName[]];
