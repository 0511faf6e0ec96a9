// Log-probabilities of a batch under some weights, to be read or copied on the device.
import type { BufferRange } from '../device/contract';
import { CompiledGraph } from '../graph/compile';
import { Graph } from '../graph/graph';
import { type LogProbs, logProbs } from '../graph/operations/logProbs';
import type { Weights } from '../model/weights';
import { forwardOf, type TrainingBatch } from './trainingPass';

export class ScorePass {
  private constructor(
    private readonly owner: TrainingBatch,
    private readonly graph: CompiledGraph,
    private readonly scores: LogProbs,
  ) {}

  /**
   * @param s.keepsLogits whether the logits will be looked at: V times the memory.
   */
  static async compile(
    owner: TrainingBatch,
    weights: Weights,
    s: { readonly temperature?: number; readonly keepsLogits?: boolean } = {},
  ): Promise<ScorePass> {
    const { temperature = 1, keepsLogits = false } = s;
    const g = new Graph();
    const { hidden: x, head, targets } = forwardOf(g, owner, weights);
    const scores = logProbs(g, { x, head, targets }, { temperature, isWhole: keepsLogits });
    const keep = [scores.logProb, scores.entropy, ...(keepsLogits && scores.logits ? [scores.logits] : [])];
    const { device } = owner.runtime;
    const graph = await CompiledGraph.compile(device, `Score:${owner.capacity}`, g, keep, owner.slots);
    return new ScorePass(owner, graph, scores);
  }

  /** Runs on what is in the batch now. */
  submit(): void {
    this.graph.program.submit();
  }

  get logProbRange(): BufferRange {
    return this.graph.rangeOf(this.scores.logProb);
  }

  get entropyRange(): BufferRange {
    return this.graph.rangeOf(this.scores.entropy);
  }

  /** (N, V); only of a pass that keeps them. */
  get logitsRange(): BufferRange {
    const { logits } = this.scores;
    if (!logits) throw new Error('this pass was compiled without keepsLogits');
    return this.graph.rangeOf(logits);
  }

  async readLogProbs(): Promise<Float32Array> {
    return this.owner.runtime.readback.readF32(this.logProbRange);
  }

  async readEntropies(): Promise<Float32Array> {
    return this.owner.runtime.readback.readF32(this.entropyRange);
  }

  async readLogits(): Promise<Float32Array> {
    return this.owner.runtime.readback.readF32(this.logitsRange);
  }

  destroy(): void {
    this.graph.destroy();
  }
}
