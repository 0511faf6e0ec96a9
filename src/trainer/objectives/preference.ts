// Preferred pairs: DPO, whose score of an answer is its log-probability against the reference's, and Bradley–Terry, whose
// score is the grade at the answer's last token. One loss over the margin between two scores.
import { type Device, type DeviceBuffer, whole } from '../../device/contract';
import type { Graph, Tensor } from '../../graph/graph';
import { linear } from '../../graph/operations/linear';
import { logProbs } from '../../graph/operations/logProbs';
import { fillZero } from '../../kernels/elementwise/pointwise';
import {
  PREFERENCE_PAIR_BYTES,
  PREFERENCE_SETTINGS_BYTES,
  PREFERENCE_SUMS,
  type PreferenceLossSettings,
  type PreferenceSide,
  packPreferencePairs,
  packPreferenceSettings,
  preferenceLoss,
} from '../../kernels/loss/preferenceLoss';
import type { Sequence } from '../packing';
import type { ForwardOutputs, Objective, Placed } from './objective';

/** What an answer's score is made of. */
export type PreferenceScore = 'logProbs' | 'grade';

/** An answer; a batch has them in pairs, the chosen one first. */
export interface PreferenceMember extends Sequence {
  /** What is taken from its score: the reference's log-probability. */
  readonly offset: number;
}

export type PreferenceSettings = Omit<PreferenceLossSettings, 'numPairs'>;

type Buffers = Record<'settings' | 'pairs' | 'sums', DeviceBuffer>;

export class Preference implements Objective<PreferenceMember, PreferenceSettings> {
  readonly name = 'Preference';
  readonly #buffers: Buffers;

  /** @param shape.rows capacity of the batch. */
  constructor(
    private readonly device: Device,
    private readonly shape: { readonly rows: number; readonly maxPairs: number; readonly score: PreferenceScore },
  ) {
    const make = (name: keyof Buffers, bytes: number) => device.createBuffer(`${this.name}.${name}`, bytes);
    this.#buffers = {
      settings: make('settings', PREFERENCE_SETTINGS_BYTES),
      pairs: make('pairs', shape.maxPairs * PREFERENCE_PAIR_BYTES),
      sums: make('sums', shape.maxPairs * PREFERENCE_SUMS.length * 4),
    };
  }

  /** PREFERENCE_SUMS by pair, in the order of the members, once the pass is submitted. */
  get sums(): DeviceBuffer {
    return this.#buffers.sums;
  }

  record(g: Graph, outputs: ForwardOutputs): void {
    const { rows, maxPairs, score } = this.shape;
    const x =
      score === 'grade'
        ? grades(g, outputs)
        : logProbs(g, { ...outputs, x: outputs.hidden }, { temperature: 1 }).logProb;
    const slopeStride = score === 'grade' ? 1 : 2;
    const slopes = g.tensor('slopes', [rows, slopeStride]);
    const bind = (label: keyof Buffers) => g.bind(label, [this.#buffers[label].size / 4], whole(this.#buffers[label]));
    g.emit(
      fillZero('PreferenceLoss.clear', slopes.size, { y: slopes }),
      preferenceLoss(
        { maxPairs, slopeStride },
        { settings: bind('settings'), pairs: bind('pairs'), x, slopes, sums: bind('sums') },
      ),
    );
    g.backward(x, slopes);
  }

  write(members: readonly Placed<PreferenceMember>[], settings: PreferenceSettings): void {
    const side = ({ first, offset, completion: { length } }: Placed<PreferenceMember>): PreferenceSide =>
      this.shape.score === 'grade' ? { first: first + length - 1, count: 1, offset } : { first, count: length, offset };
    const pairs = Array.from({ length: members.length / 2 }, (_, i) => ({
      chosen: side(members[2 * i] as Placed<PreferenceMember>),
      rejected: side(members[2 * i + 1] as Placed<PreferenceMember>),
    }));
    this.device.write(this.#buffers.pairs, packPreferencePairs(pairs));
    this.device.write(this.#buffers.settings, packPreferenceSettings({ ...settings, numPairs: pairs.length }));
  }

  destroy(): void {
    for (const buffer of Object.values(this.#buffers)) this.device.destroyBuffer(buffer);
  }
}

/** (N, 1): of the text up to each place. */
export function grades(g: Graph, { hidden, head }: Pick<ForwardOutputs, 'hidden' | 'head'>): Tensor {
  return linear(g, 'grades', hidden, head);
}
