// The objective of distillation over a packed batch: loss = Σ weights · KL(student ‖ teacher), over the whole
// vocabulary. Unlike the objectives of programs.ts it looks at more than the chosen token, so it gives the gradient of
// the logits itself.
import { type BufferRange, type DeviceBuffer, whole } from '../device/contract';
import { CompiledGraph } from '../graph/compile';
import { Graph } from '../graph/graph';
import { linear } from '../graph/operations/linear';
import { accumulateSum } from '../kernels/elementwise/pointwise';
import { klLoss, klLossBackward } from '../kernels/loss/klLoss';
import { forward, headName } from '../model/network';
import type { Weights } from '../model/weights';
import type { TrainingBatch } from './programs';

export class KlProgram {
  private constructor(
    private readonly graph: CompiledGraph,
    private readonly owner: TrainingBatch,
    private readonly tokenWeights: DeviceBuffer,
    /** Sum of the losses since it was last cleared: (1). */
    readonly loss: DeviceBuffer,
  ) {}

  /** @param teacherLogits (N, V) over the same batch, there when the program is submitted. */
  static async compile(
    owner: TrainingBatch,
    weights: Weights,
    teacherLogits: BufferRange,
    temperature: number,
  ): Promise<KlProgram> {
    const { device } = owner.runtime;
    const rows = owner.capacity;
    const tokenWeights = device.createBuffer('Kl.weights', rows * 4);
    const loss = device.createBuffer('Kl.loss', 16);
    const g = new Graph();
    const hidden = forward(g, weights, owner.batch.tensors(g), owner.rope);
    const logits = linear(g, 'logits', hidden, weights.parameter(g, headName(weights.architecture)));
    const shape = { rows, vocabulary: weights.architecture.vocabulary, temperature };
    const [kl, norms, terms] = [g.tensor('kl', [rows]), g.tensor('norms', [rows, 2]), g.tensor('loss terms', [rows])];
    const given = {
      logits,
      teacher: g.bind('teacher logits', logits.shape, teacherLogits),
      weights: g.bind('token weights', [rows], whole(tokenWeights)),
      kl,
      norms,
    };
    const dLogits = g.tensor('d logits', logits.shape);
    g.emit(
      klLoss(shape, { ...given, terms }),
      accumulateSum('KlLoss.sum', rows, { x: terms, total: g.bind('loss', [1], whole(loss)) }),
      klLossBackward(shape, { ...given, d_logits: dLogits }),
    );
    g.backward(logits, dLogits);
    return new KlProgram(await CompiledGraph.compile(device, 'Kl', g), owner, tokenWeights, loss);
  }

  /** @param weights (N): of each place that predicts a token; 0 elsewhere. */
  submit(weights: Float32Array): void {
    this.owner.runtime.device.write(this.tokenWeights, weights);
    this.graph.program.submit();
  }

  destroy(): void {
    this.graph.destroy();
    for (const buffer of [this.tokenWeights, this.loss]) this.owner.runtime.device.destroyBuffer(buffer);
  }
}
