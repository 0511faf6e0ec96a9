// GRPO's objective over packed rollouts, under TRL's names: sums a rollout for the metrics.
import { type Device, type DeviceBuffer, whole } from '../../device/contract';
import type { Graph } from '../../graph/graph';
import { logProbs } from '../../graph/operations/logProbs';
import { fillZero } from '../../kernels/elementwise/pointwise';
import {
  GRPO_SEQUENCE_BYTES,
  GRPO_SETTINGS_BYTES,
  GRPO_SUMS,
  type GrpoLossSettings,
  type GrpoSequence,
  grpoLoss,
  packGrpoSequences,
  packGrpoSettings,
} from '../../kernels/loss/grpoLoss';
import type { Sequence } from '../packing';
import type { ScorePass } from '../scorePass';
import type { ForwardOutputs, Objective, Placed } from './objective';

/** What a rollout contributes. */
export interface GrpoMember extends Sequence {
  /**
   * Log-probabilities of its completion under the old policy, as it was drawn, and under the reference if the caller
   * has them.
   */
  readonly oldLogps: ArrayLike<number>;
  readonly drawnLogps: ArrayLike<number>;
  readonly refLogps?: ArrayLike<number>;
  /** Tokens of the completion that count. */
  readonly count: number;
  readonly advantage: number;
  /** What each token's loss is multiplied by. */
  readonly weight: number;
}

export type GrpoSettings = Omit<GrpoLossSettings, 'numSequences'>;

export interface GrpoShape {
  /** Capacity of the batch. */
  readonly rows: number;
  readonly maxRollouts: number;
  readonly temperature: number;
  /** A pass over the same batch by the model to stay near. It is destroyed with the objective. */
  readonly reference: ScorePass | undefined;
}

type Buffers = Record<'oldLogProbs' | 'refLogProbs' | 'settings' | 'sequences' | 'sums', DeviceBuffer>;

export class Grpo implements Objective<GrpoMember, GrpoSettings> {
  readonly name = 'Grpo';
  readonly #buffers: Buffers;
  #isScored = false;

  constructor(
    private readonly device: Device,
    private readonly shape: GrpoShape,
  ) {
    const { rows, maxRollouts } = shape;
    const make = (name: keyof Buffers, bytes: number) => device.createBuffer(`${this.name}.${name}`, bytes);
    this.#buffers = {
      oldLogProbs: make('oldLogProbs', rows * 2 * 4),
      refLogProbs: make('refLogProbs', rows * 4),
      settings: make('settings', GRPO_SETTINGS_BYTES),
      sequences: make('sequences', maxRollouts * GRPO_SEQUENCE_BYTES),
      sums: make('sums', maxRollouts * GRPO_SUMS.length * 4),
    };
  }

  /** GRPO_SUMS by rollout, in the order of the members, once the pass is submitted. */
  get sums(): DeviceBuffer {
    return this.#buffers.sums;
  }

  record(g: Graph, { hidden, head, targets }: ForwardOutputs): void {
    const { rows, maxRollouts, temperature } = this.shape;
    const bind = (label: string, buffer: DeviceBuffer) => g.bind(label, [buffer.size / 4], whole(buffer));
    const { logProb, entropy } = logProbs(g, { x: hidden, head, targets }, { temperature });
    const slopes = g.tensor('slopes', [rows, 2]);
    const { oldLogProbs, refLogProbs, settings, sequences, sums } = this.#buffers;
    g.emit(
      fillZero('GrpoLoss.clear', slopes.size, { y: slopes }),
      grpoLoss(maxRollouts, {
        settings: bind('settings', settings),
        sequences: bind('sequences', sequences),
        log_prob: logProb,
        entropy,
        old_log_prob: bind('old log probs', oldLogProbs),
        ref_log_prob: bind('ref log probs', refLogProbs),
        slopes,
        sums: bind('sums', sums),
      }),
    );
    g.backward(logProb, slopes);
  }

  write(members: readonly Placed<GrpoMember>[], settings: GrpoSettings): void {
    const { device, shape } = this;
    const old = new Float32Array(shape.rows * 2);
    const ref = new Float32Array(shape.rows);
    this.#isScored = members.some((member) => member.refLogps);
    const sequences = members.map(({ first, count, advantage, weight, ...member }): GrpoSequence => {
      const { length } = member.completion;
      for (let t = 0; t < length; t++) {
        old.set([member.oldLogps[t] as number, member.drawnLogps[t] as number], (first + t) * 2);
      }
      if (member.refLogps) ref.set(Array.from(member.refLogps).slice(0, length), first);
      return { first, count, advantage, weight };
    });
    device.write(this.#buffers.oldLogProbs, old);
    device.write(this.#buffers.sequences, packGrpoSequences(sequences));
    device.write(this.#buffers.settings, packGrpoSettings({ ...settings, numSequences: sequences.length }));
    if (settings.beta > 0 && this.#isScored) device.write(this.#buffers.refLogProbs, ref);
  }

  /** Whether the batch that was written last is scored by the reference: its members come without those log-probabilities. */
  isScoring({ beta }: GrpoSettings): boolean {
    return beta > 0 && !this.#isScored;
  }

  prepare(settings: GrpoSettings): void {
    if (!this.isScoring(settings)) return;
    const { reference } = this.shape;
    if (!reference) throw new Error('beta > 0 needs reference weights or reference log-probabilities');
    reference.submit();
    const to = whole(this.#buffers.refLogProbs);
    this.device.transfer('Grpo.reference', [{ copy: reference.logProbRange, to }]);
  }

  destroy(): void {
    for (const buffer of Object.values(this.#buffers)) this.device.destroyBuffer(buffer);
    this.shape.reference?.destroy();
  }
}
