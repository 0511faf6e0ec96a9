// Likelihood of texts (pretraining, SFT): loss = −Σ weights·logp, and λ times the same of the token after the next one, where
// the model has a module that predicts it (DeepSeek-V3, arXiv 2412.19437 §2.2.3).
import type { Device } from '../../device/contract';
import type { Graph, Tensor } from '../../graph/graph';
import { logProbs } from '../../graph/operations/logProbs';
import { likelihoodLoss } from '../../kernels/loss/logProb';
import type { Sequence } from '../packing';
import { FurtherTokens } from './furtherTokens';
import type { ForwardOutputs, MtpUse, Objective, Placed } from './objective';
import { type TokenWeight, TokenWeights } from './tokenWeights';

/** How a model's module for further tokens learns. */
export interface MtpLoss {
  readonly use: MtpUse;
  /** λ. */
  readonly factor: number;
}

export class Likelihood implements Objective<Sequence, TokenWeight> {
  readonly name = 'Likelihood';
  readonly mtp: MtpUse | undefined;
  readonly tokens: TokenWeights;
  /** Those of the module. */
  readonly further: FurtherTokens | undefined;

  /** @param rows capacity of the batch. @param mtp if not given, such a module stays as it is. */
  constructor(
    device: Device,
    private readonly rows: number,
    mtp?: MtpLoss,
  ) {
    this.mtp = mtp?.use;
    this.tokens = new TokenWeights(device, this.name, rows);
    this.further = mtp && new FurtherTokens(device, this.name, rows, mtp.factor);
  }

  record(g: Graph, { hidden, head, targets, further }: ForwardOutputs): void {
    const own = () => this.#loss(g, this.tokens, { x: hidden, head, targets });
    if (!further || !this.further) {
      const { logProb, slopes } = own();
      g.backward(logProb, slopes);
      return;
    }
    const one = this.mtp === 'alone' ? g.detached(own) : own();
    const next = this.#loss(g, this.further, { x: further, head, targets: this.further.targets(g) });
    if (this.mtp !== 'alone') g.addGradient(one.logProb, one.slopes);
    g.backward(next.logProb, next.slopes);
  }

  #loss(g: Graph, tokens: TokenWeights, of: { x: Tensor; head: Tensor; targets: Tensor }) {
    const { logProb } = logProbs(g, of, { temperature: 1 });
    const slopes = g.tensor('slopes', [this.rows, 2]);
    const terms = g.tensor('loss terms', [this.rows]);
    g.emit(likelihoodLoss(this.rows, { log_prob: logProb, weights: tokens.tensor(g), slopes, terms }));
    tokens.sum(g, terms);
    return { logProb, slopes };
  }

  write(members: readonly Placed<Sequence>[], weight: TokenWeight): void {
    this.tokens.write(members, weight);
    this.further?.write(members, weight);
  }

  destroy(): void {
    this.tokens.destroy();
    this.further?.destroy();
  }
}
