// The passes over a packed batch that training is made of, compiled once for a capacity: scoring (log-probabilities), the
// likelihood objective (pretraining, SFT) and the GRPO objective. They differ only in the kernel that turns log-probabilities
// into slopes; the backward pass knows nothing of the objective.

import { type BufferRange, type DeviceBuffer, whole } from '../device/contract';
import type { Runtime } from '../engine/runtime';
import { CompiledGraph } from '../graph/compile';
import { Graph } from '../graph/graph';
import { type LogProbs, logProbs } from '../graph/operations/logProbs';
import type { SlotPool } from '../graph/slotPool';
import { accumulateSum, fillZero } from '../kernels/elementwise/pointwise';
import { GRPO_SEQUENCE_BYTES, GRPO_SETTINGS_BYTES, GRPO_SUMS, grpoLoss } from '../kernels/loss/grpoLoss';
import { likelihoodLoss } from '../kernels/loss/logProb';
import { forward, headName } from '../model/network';
import { PackedBatch } from '../model/packedBatch';
import { RopeTables } from '../model/ropeTables';
import type { Weights } from '../model/weights';

/** Device memory shared by the passes of one capacity. */
export class TrainingBatch {
  readonly batch: PackedBatch;
  readonly rope: RopeTables;

  constructor(
    readonly runtime: Runtime,
    readonly weights: Weights,
    readonly capacity: number,
    /** Where the passes take turns in memory with those of other capacities. */
    readonly slots?: SlotPool,
  ) {
    this.batch = new PackedBatch(runtime.device, capacity);
    this.rope = new RopeTables(runtime.device, weights.architecture, capacity);
  }

  destroy(): void {
    this.batch.destroy();
    this.rope.destroy();
  }
}

function recordScores(
  g: Graph,
  owner: TrainingBatch,
  weights: Weights,
  temperature: number,
  isWhole = false,
): LogProbs {
  const batch = owner.batch.tensors(g);
  const x = forward(g, weights, batch, owner.rope);
  const head = weights.parameter(g, headName(weights.architecture));
  return logProbs(g, { x, head, targets: batch.targets }, { temperature, isWhole });
}

/** Log-probabilities of a batch under some weights, to be read or copied on the device. */
export class ScoreProgram {
  private constructor(
    private readonly owner: TrainingBatch,
    private readonly graph: CompiledGraph,
    private readonly scores: LogProbs,
  ) {}

  /** @param keepLogits whether the logits will be looked at: V times the memory. */
  static async compile(
    owner: TrainingBatch,
    weights: Weights,
    temperature = 1,
    keepLogits = false,
  ): Promise<ScoreProgram> {
    const g = new Graph();
    const scores = recordScores(g, owner, weights, temperature, keepLogits);
    const keep = [scores.logProb, scores.entropy, ...(keepLogits && scores.logits ? [scores.logits] : [])];
    return new ScoreProgram(
      owner,
      await CompiledGraph.compile(owner.runtime.device, `Score:${owner.capacity}`, g, keep, owner.slots),
      scores,
    );
  }

  /** Runs on what is in the batch now. */
  submit(): void {
    this.graph.program.submit();
  }

  get logProbRange(): BufferRange {
    return this.graph.rangeOf(this.scores.logProb);
  }

  /** (N, V); only of a program compiled to keep them. */
  get logitsRange(): BufferRange {
    const { logits } = this.scores;
    if (!logits) throw new Error('this program was compiled without keepLogits');
    return this.graph.rangeOf(logits);
  }

  async readLogProbs(): Promise<Float32Array> {
    return this.owner.runtime.readback.readF32(this.logProbRange);
  }

  async readEntropies(): Promise<Float32Array> {
    return this.owner.runtime.readback.readF32(this.graph.rangeOf(this.scores.entropy));
  }

  async readLogits(): Promise<Float32Array> {
    return this.owner.runtime.readback.readF32(this.logitsRange);
  }

  destroy(): void {
    this.graph.destroy();
  }
}

/** loss = −Σ weights·logp and its gradient, added to what the gradient pool holds. */
export class LikelihoodProgram {
  private constructor(
    readonly graph: CompiledGraph,
    private readonly tokenWeights: DeviceBuffer,
    /** Sum of the losses since it was last cleared: (1). */
    readonly loss: DeviceBuffer,
    private readonly owner: TrainingBatch,
  ) {}

  /** @param gradientCheckpointing computes each layer again in the backward pass, so that its inside need not be kept. */
  static async compile(
    owner: TrainingBatch,
    weights: Weights,
    gradientCheckpointing = false,
  ): Promise<LikelihoodProgram> {
    const { device } = owner.runtime;
    const rows = owner.capacity;
    const tokenWeights = device.createBuffer('Likelihood.weights', rows * 4);
    const loss = device.createBuffer('Likelihood.loss', 16);
    const g = new Graph({ recomputesBlocks: gradientCheckpointing });
    const scores = recordScores(g, owner, weights, 1);
    const slopes = g.tensor('slopes', [rows, 2]);
    const terms = g.tensor('loss terms', [rows]);
    g.emit(
      likelihoodLoss(rows, {
        log_prob: scores.logProb,
        weights: g.bind('token weights', [rows], whole(tokenWeights)),
        slopes,
        terms,
      }),
      accumulateSum('LikelihoodLoss.sum', rows, { x: terms, total: g.bind('loss', [1], whole(loss)) }),
    );
    g.backward(scores.logProb, slopes);
    return new LikelihoodProgram(
      await CompiledGraph.compile(device, `Likelihood:${rows}`, g),
      tokenWeights,
      loss,
      owner,
    );
  }

  /** Writes a batch. `weightOf(sequence, place)` is the weight of predicting the token after `place`. */
  write(sequences: readonly (readonly number[])[], weightOf: (sequence: number, place: number) => number): void {
    const starts = this.owner.batch.write(sequences);
    const weights = new Float32Array(this.owner.capacity);
    sequences.forEach((sequence, s) => {
      for (let i = 0; i + 1 < sequence.length; i++) weights[(starts[s] as number) + i] = weightOf(s, i);
    });
    this.owner.runtime.device.write(this.tokenWeights, weights);
  }

  /** As `write`, for sequences whose last token is only a target, so that nothing is computed from it; all weigh the same. */
  writeAll(sequences: readonly (readonly number[])[], weight: number): void {
    this.owner.batch.writeShared(sequences.map((ids) => ({ prefix: [], continuations: [ids] })));
    this.owner.runtime.device.write(this.tokenWeights, new Float32Array(this.owner.capacity).fill(weight));
  }

  submit(): void {
    this.graph.program.submit();
  }

  destroy(): void {
    this.graph.destroy();
    for (const buffer of [this.tokenWeights, this.loss]) this.owner.runtime.device.destroyBuffer(buffer);
  }
}

/** The GRPO objective over packed rollouts: gradient added to the pool, sums a sequence for the metrics. */
export class GrpoProgram {
  private constructor(
    readonly graph: CompiledGraph,
    readonly owner: TrainingBatch,
    readonly maxSequences: number,
    /** Written by the caller: (N, 2) under the old policy and as drawn, (N) under the reference. */
    readonly oldLogProbs: DeviceBuffer,
    readonly refLogProbs: DeviceBuffer,
    readonly settings: DeviceBuffer,
    readonly sequences: DeviceBuffer,
    readonly sums: DeviceBuffer,
  ) {}

  static async compile(
    owner: TrainingBatch,
    weights: Weights,
    s: { readonly maxRollouts: number; readonly temperature: number; readonly gradientCheckpointing?: boolean },
  ): Promise<GrpoProgram> {
    const { device } = owner.runtime;
    const rows = owner.capacity;
    const make = (name: string, bytes: number) => device.createBuffer(`Grpo.${name}`, bytes);
    const buffers = {
      old: make('oldLogProbs', rows * 2 * 4),
      ref: make('refLogProbs', rows * 4),
      settings: make('settings', GRPO_SETTINGS_BYTES),
      sequences: make('sequences', s.maxRollouts * GRPO_SEQUENCE_BYTES),
      sums: make('sums', s.maxRollouts * GRPO_SUMS.length * 4),
    };
    const { maxRollouts, temperature, gradientCheckpointing = false } = s;
    const g = new Graph({ recomputesBlocks: gradientCheckpointing });
    const bind = (label: string, buffer: DeviceBuffer) => g.bind(label, [buffer.size / 4], whole(buffer));
    const scores = recordScores(g, owner, weights, temperature);
    const slopes = g.tensor('slopes', [rows, 2]);
    g.emit(
      fillZero('GrpoLoss.clear', slopes.size, { y: slopes }),
      grpoLoss(maxRollouts, {
        settings: bind('settings', buffers.settings),
        sequences: bind('sequences', buffers.sequences),
        log_prob: scores.logProb,
        entropy: scores.entropy,
        old_log_prob: bind('old log probs', buffers.old),
        ref_log_prob: bind('ref log probs', buffers.ref),
        slopes,
        sums: bind('sums', buffers.sums),
      }),
    );
    g.backward(scores.logProb, slopes);
    const graph = await CompiledGraph.compile(device, `Grpo:${rows}`, g, [], owner.slots);
    const { old, ref, settings, sequences, sums } = buffers;
    return new GrpoProgram(graph, owner, maxRollouts, old, ref, settings, sequences, sums);
  }

  submit(): void {
    this.graph.program.submit();
  }

  destroy(): void {
    this.graph.destroy();
    const buffers = [this.oldLogProbs, this.refLogProbs, this.settings, this.sequences, this.sums];
    for (const buffer of buffers) this.owner.runtime.device.destroyBuffer(buffer);
  }
}
