// Nearness to a teacher: loss = Σ weights·KL(student ‖ teacher), over the whole vocabulary. It looks at more than the chosen
// token, so it gives the gradient of the logits itself.
import type { Device } from '../../device/contract';
import type { Graph } from '../../graph/graph';
import { linear } from '../../graph/operations/linear';
import { klLoss, klLossBackward } from '../../kernels/loss/klLoss';
import type { Sequence } from '../packing';
import type { ScorePass } from '../scorePass';
import type { ForwardOutputs, Objective, Placed } from './objective';
import { type TokenWeight, TokenWeights } from './tokenWeights';

export class Distillation implements Objective<Sequence, TokenWeight> {
  readonly name = 'Kl';
  readonly tokens: TokenWeights;

  /**
   * @param rows capacity of the batch. @param teacher a pass over the same batch that keeps its logits, at the same
   * temperature; it is destroyed with the objective.
   */
  constructor(
    device: Device,
    private readonly rows: number,
    private readonly teacher: ScorePass,
    private readonly temperature: number,
  ) {
    this.tokens = new TokenWeights(device, this.name, rows);
  }

  record(g: Graph, { hidden, head }: ForwardOutputs): void {
    const { rows, temperature } = this;
    const logits = linear(g, 'logits', hidden, head);
    const shape = { rows, vocabulary: head.shape[0] as number, temperature };
    const [kl, norms, terms] = [g.tensor('kl', [rows]), g.tensor('norms', [rows, 2]), g.tensor('loss terms', [rows])];
    const teacher = g.bind('teacher logits', logits.shape, this.teacher.logitsRange);
    const given = { logits, teacher, weights: this.tokens.tensor(g), kl, norms };
    const dLogits = g.tensor('d logits', logits.shape);
    g.emit(klLoss(shape, { ...given, terms }));
    this.tokens.sum(g, terms);
    g.emit(klLossBackward(shape, { ...given, d_logits: dLogits }));
    g.backward(logits, dLogits);
  }

  write(members: readonly Placed<Sequence>[], weight: TokenWeight): void {
    this.tokens.write(members, weight);
  }

  prepare(): void {
    this.teacher.submit();
  }

  destroy(): void {
    this.tokens.destroy();
    this.teacher.destroy();
  }
}
