// The loss of pairs of which one is preferred, as TRL 1.13 computes it: DPO's (trl/trainer/dpo_trainer.py, `_compute_loss`)
// over the log-probabilities of completions, and Bradley–Terry's (trl/trainer/reward_trainer.py, `compute_loss`) over grades.
import { add, at, type Numbers } from './array';

/** Options under the names of TRL's DPOConfig and RewardConfig. */
export interface PreferenceLossOptions {
  readonly loss_type: 'sigmoid' | 'sigmoid_norm' | 'robust' | 'hinge' | 'ipo';
  readonly beta: number;
  /** ε of `robust`: the share of labels that are thought to be swapped. */
  readonly label_smoothing: number;
  /** Of RewardConfig; 0: none. */
  readonly center_rewards_coefficient: number;
}

/** Numbers that are summed, and what is taken from the sum. */
export interface PairSide {
  readonly first: number;
  readonly count: number;
  /** The same sum under the reference model; 0 for grades. */
  readonly offset: number;
}

export interface ReferencePair {
  readonly chosen: PairSide;
  readonly rejected: PairSide;
}

export interface PreferenceLoss {
  /** Mean over the pairs. */
  readonly loss: number;
  /** (N): in each number; zero outside the pairs. */
  readonly slopes: Float64Array;
  /** Σ x − offset, by pair. */
  readonly scores: readonly { readonly chosen: number; readonly rejected: number }[];
}

const logSigmoid = (x: number) => (x < 0 ? x - Math.log1p(Math.exp(x)) : -Math.log1p(Math.exp(-x)));
const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));

/** Loss of one margin, and its slope. */
function ofMargin(margin: number, options: PreferenceLossOptions): { readonly loss: number; readonly slope: number } {
  const { beta, loss_type } = options;
  const z = beta * margin;
  if (loss_type === 'hinge') return { loss: Math.max(0, 1 - z), slope: z < 1 ? -beta : 0 };
  if (loss_type === 'ipo') {
    const error = margin - 1 / (2 * beta);
    return { loss: error ** 2, slope: 2 * error };
  }
  const flipped = loss_type === 'robust' ? options.label_smoothing : 0;
  return {
    loss: (-(1 - flipped) * logSigmoid(z) + flipped * logSigmoid(-z)) / (1 - 2 * flipped),
    slope: (beta * (-(1 - flipped) * sigmoid(-z) - flipped * sigmoid(z))) / (1 - 2 * flipped),
  };
}

/** @param x (N) log-probabilities of tokens, or grades. */
export function preferenceLoss(
  x: Numbers,
  pairs: readonly ReferencePair[],
  options: PreferenceLossOptions,
): PreferenceLoss {
  const slopes = new Float64Array(x.length);
  const isMean = options.loss_type === 'ipo' || options.loss_type === 'sigmoid_norm';
  const score = ({ first, count, offset }: PairSide) => {
    let sum = -offset;
    for (let n = first; n < first + count; n++) sum += at(x, n);
    return sum;
  };
  const scale = ({ count }: PairSide) => (isMean ? 1 / Math.max(1, count) : 1);
  const spread = (side: PairSide, slope: number) => {
    for (let n = side.first; n < side.first + side.count; n++) add(slopes, n, slope);
  };
  let loss = 0;
  const scores = pairs.map(({ chosen, rejected }) => {
    const found = { chosen: score(chosen), rejected: score(rejected) };
    const margin = found.chosen * scale(chosen) - found.rejected * scale(rejected);
    const term = ofMargin(margin, options);
    const both = found.chosen + found.rejected;
    const centering = options.center_rewards_coefficient;
    loss += (term.loss + centering * both ** 2) / pairs.length;
    spread(chosen, (term.slope * scale(chosen) + 2 * centering * both) / pairs.length);
    spread(rejected, (-term.slope * scale(rejected) + 2 * centering * both) / pairs.length);
    return found;
  });
  return { loss, slopes, scores };
}
