// One packed batch of a GRPO update on the device: scored by the reference where there is one, then the objective's gradient.

import { type BufferRange, type DeviceBuffer, type KernelTimes, whole } from '../device/contract';
import type { Runtime } from '../engine/runtime';
import type { SlotPool } from '../graph/slotPool';
import {
  type GrpoLossSettings,
  type GrpoSequence,
  packGrpoSequences,
  packGrpoSettings,
} from '../kernels/loss/grpoLoss';
import { type SharedText, sharedLength } from '../model/packedBatch';
import type { Weights } from '../model/weights';
import { GrpoProgram, ScoreProgram, TrainingBatch } from './programs';

export interface UpdatePassShape {
  /** Tokens of the batch. */
  readonly capacity: number;
  readonly maxRollouts: number;
  readonly temperature: number;
  /** Computes each layer again in the backward pass, so that its inside need not be kept. */
  readonly gradientCheckpointing?: boolean;
  /** Where passes of several capacities take turns in memory. */
  readonly slots?: SlotPool;
  /** Weights to stay near. */
  readonly reference?: Weights;
}

/** What a rollout contributes to the objective. */
export interface UpdateMember {
  /**
   * Log-probabilities of its completion under the old policy, as it was drawn, and under the reference if the caller
   * has them.
   */
  readonly oldLogps: ArrayLike<number>;
  readonly drawnLogps: ArrayLike<number>;
  readonly refLogps?: ArrayLike<number>;
  readonly numTokens: number;
  /** Tokens of the completion that count. */
  readonly count: number;
  readonly advantage: number;
  /** What each token's loss is multiplied by. */
  readonly weight: number;
}

export type ObjectiveSettings = Omit<GrpoLossSettings, 'numSequences'>;

export class UpdatePass {
  /** Tokens that it has worked through so far. */
  readonly tokens = { scoring: 0, update: 0 };

  private constructor(
    private readonly runtime: Runtime,
    private readonly owner: TrainingBatch,
    private readonly program: GrpoProgram,
    private readonly reference: ScoreProgram | undefined,
  ) {}

  static async create(runtime: Runtime, weights: Weights, s: UpdatePassShape): Promise<UpdatePass> {
    const owner = new TrainingBatch(runtime, weights, s.capacity, s.slots);
    const [program, reference] = await Promise.all([
      GrpoProgram.compile(owner, weights, s),
      s.reference && ScoreProgram.compile(owner, s.reference, s.temperature),
    ]);
    return new UpdatePass(runtime, owner, program, reference);
  }

  get capacity(): number {
    return this.owner.capacity;
  }

  /** Sums by rollout (GRPO_SUMS), in the order of the members, once submitted. */
  get sums(): DeviceBuffer {
    return this.program.sums;
  }

  /**
   * Adds the gradient of a batch to the pool. Does not wait for the device.
   * @param texts prompts but for their last token, continued by it and each completion.
   * @param members the continuations, in order.
   */
  submit(texts: readonly SharedText[], members: readonly UpdateMember[], settings: ObjectiveSettings): void {
    const { program } = this;
    const { device } = this.runtime;
    const old = new Float32Array(this.capacity * 2);
    const ref = new Float32Array(this.capacity);
    const hasRef = members.some((member) => member.refLogps);
    const numTokens = texts.reduce((sum, text) => sum + sharedLength(text), 0);
    // A rollout's first place holds the prompt's last token, which predicts the completion's first.
    const firsts = this.owner.batch.writeShared(texts).flatMap((text) => text.continuations);
    const sequences = members.map((member, m): GrpoSequence => {
      const first = firsts[m] as number;
      for (let t = 0; t < member.numTokens; t++) {
        old.set([member.oldLogps[t] as number, member.drawnLogps[t] as number], (first + t) * 2);
      }
      if (member.refLogps) ref.set(Array.from(member.refLogps).slice(0, member.numTokens), first);
      return { first, count: member.count, advantage: member.advantage, weight: member.weight };
    });
    device.write(program.oldLogProbs, old);
    device.write(program.sequences, packGrpoSequences(sequences));
    device.write(program.settings, packGrpoSettings({ ...settings, numSequences: sequences.length }));
    if (settings.beta > 0) {
      if (hasRef) device.write(program.refLogProbs, ref);
      else this.#scoreForLoss(numTokens);
    }
    this.tokens.update += numTokens;
    program.submit();
  }

  /**
   * Scores a batch by the reference alone. Does not wait for the device.
   * @returns where each continuation starts among the log-probabilities, which the next batch overwrites.
   */
  scoreReference(texts: readonly SharedText[]): { firsts: number[]; logProbs: BufferRange } {
    const firsts = this.owner.batch.writeShared(texts).flatMap((text) => text.continuations);
    return { firsts, logProbs: this.#score(texts.reduce((sum, text) => sum + sharedLength(text), 0)) };
  }

  #scoreForLoss(numTokens: number): void {
    const copy = this.#score(numTokens);
    this.runtime.device.transfer('UpdatePass.reference', [{ copy, to: whole(this.program.refLogProbs) }]);
  }

  /** Log-probabilities under the reference of what is in the batch. */
  #score(numTokens: number): BufferRange {
    if (!this.reference) throw new Error('beta > 0 needs reference weights or reference log-probabilities');
    this.tokens.scoring += numTokens;
    this.reference.submit();
    return this.reference.logProbRange;
  }

  /** Tells the program how long a run of it took, so that it is chopped to fit a frame. */
  tune(elapsedMs: number): void {
    this.program.graph.program.tune(elapsedMs);
  }

  profile(): Promise<KernelTimes | undefined> {
    return this.program.graph.program.profile();
  }

  destroy(): void {
    this.program.destroy();
    this.reference?.destroy();
    this.owner.destroy();
  }
}
