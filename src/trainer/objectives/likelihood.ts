// Likelihood of texts (pretraining, SFT): loss = −Σ weights·logp.
import type { Device } from '../../device/contract';
import type { Graph } from '../../graph/graph';
import { logProbs } from '../../graph/operations/logProbs';
import { likelihoodLoss } from '../../kernels/loss/logProb';
import type { Sequence } from '../packing';
import type { ForwardOutputs, Objective, Placed } from './objective';
import { type TokenWeight, TokenWeights } from './tokenWeights';

export class Likelihood implements Objective<Sequence, TokenWeight> {
  readonly name = 'Likelihood';
  readonly tokens: TokenWeights;

  /** @param rows capacity of the batch. */
  constructor(
    device: Device,
    private readonly rows: number,
  ) {
    this.tokens = new TokenWeights(device, this.name, rows);
  }

  record(g: Graph, { hidden, head, targets }: ForwardOutputs): void {
    const { logProb } = logProbs(g, { x: hidden, head, targets }, { temperature: 1 });
    const slopes = g.tensor('slopes', [this.rows, 2]);
    const terms = g.tensor('loss terms', [this.rows]);
    g.emit(likelihoodLoss(this.rows, { log_prob: logProb, weights: this.tokens.tensor(g), slopes, terms }));
    this.tokens.sum(g, terms);
    g.backward(logProb, slopes);
  }

  write(members: readonly Placed<Sequence>[], weight: TokenWeight): void {
    this.tokens.write(members, weight);
  }

  destroy(): void {
    this.tokens.destroy();
  }
}
