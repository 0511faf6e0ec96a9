// What a batch of rollouts keeps on the device while it is decoded: the caches of attention, where each rollout stands, and what
// was drawn. Prompts are in the caches once a group, whatever the number of its members.
import type { Device, DeviceBuffer } from '../device/contract';
import {
  NO_ROLLOUT,
  NUM_ALTERNATIVES,
  packSampleSettings,
  ROLLOUT_WORDS,
  SAMPLE_SETTINGS_BYTES,
  type SampleSettings,
} from '../kernels/sampling/decode';
import type { Architecture } from './architecture';
import { layerBlocks } from './blocks';

export interface DecodeCapacity {
  /** Rollouts at once. */
  readonly rollouts: number;
  readonly maxNewTokens: number;
  /** Tokens of all groups' prompts together. */
  readonly promptTokens: number;
  /** Whether the likeliest alternatives of each token are kept. */
  readonly hasAlternatives: boolean;
  /**
   * Whether prompts are read token by token with the kernels that draw. Those of the full pass, which reads all at
   * once, take longer to compile than they save over many short prompts: for a first answer that comes soon. The two
   * differ in the last bits.
   */
  readonly readsByStep?: boolean;
}

/** Where one rollout starts. */
export interface RolloutStart {
  /** The prompt but for its last token: where it lies in the caches and how long it is. */
  readonly promptFirst: number;
  readonly promptLength: number;
  /** Row of the caches where its own tokens start; if not given, the rows kept for the rollout of its number. */
  readonly ownFirst?: number;
  /** The prompt's last token, which the first step reads. */
  readonly token: number;
  /** Key of its random numbers. */
  readonly key: readonly [number, number, number];
  /** Tokens that it has already; none if not given. */
  readonly length?: number;
}

export class DecodeState {
  readonly rollouts: DeviceBuffer;
  /** Rollout of each row of a batch as it was chosen. */
  readonly chosen: DeviceBuffer;
  /** The same without those that have ended since, and how many they are. */
  readonly live: DeviceBuffer;
  readonly numLive: DeviceBuffer;
  readonly settings: DeviceBuffer;
  readonly tokens: DeviceBuffer;
  /** Of each token two: over the whole vocabulary, and by which it was drawn. */
  readonly logProbs: DeviceBuffer;
  readonly entropies: DeviceBuffer;
  readonly alternatives: DeviceBuffer | undefined;
  /**
   * By layer, rows of what its attention keeps of a token: the prompts' tokens, then from `ownRows` on maxNewTokens
   * rows for each rollout.
   */
  readonly caches: readonly DeviceBuffer[];

  constructor(
    readonly device: Device,
    architecture: Architecture,
    readonly capacity: DecodeCapacity,
  ) {
    const { rollouts, maxNewTokens, hasAlternatives } = capacity;
    const make = (name: string, words: number) => device.createBuffer(`DecodeState.${name}`, words * 4);
    this.rollouts = make('rollouts', rollouts * ROLLOUT_WORDS);
    this.chosen = make('chosen', rollouts);
    this.live = make('live', rollouts);
    this.numLive = make('numLive', 1);
    this.settings = device.createBuffer('DecodeState.settings', SAMPLE_SETTINGS_BYTES);
    this.tokens = make('tokens', rollouts * maxNewTokens);
    this.logProbs = make('logProbs', rollouts * maxNewTokens * 2);
    this.entropies = make('entropies', rollouts * maxNewTokens);
    this.alternatives = hasAlternatives
      ? make('alternatives', rollouts * maxNewTokens * NUM_ALTERNATIVES * 2)
      : undefined;
    const cacheRows = this.ownRows + rollouts * maxNewTokens;
    this.caches = layerBlocks(architecture).map(({ attention: { cost } }, layer) =>
      device.createBuffer(`DecodeState.cache:${layer}`, cacheRows * cost.cacheBytes),
    );
  }

  /** Row of the caches where the rollouts' own tokens start. */
  private get ownRows(): number {
    // A prefill of no tokens still writes one row.
    return Math.max(1, this.capacity.promptTokens);
  }

  /** Begins a new batch of rollouts. */
  begin(starts: readonly RolloutStart[], settings: SampleSettings): void {
    const words = new Uint32Array(starts.length * ROLLOUT_WORDS);
    starts.forEach((start, i) => {
      const ownFirst = start.ownFirst ?? this.ownRows + i * this.capacity.maxNewTokens;
      words.set(
        [start.promptFirst, start.promptLength, ownFirst, start.token, start.length ?? 0, 0, ...start.key],
        i * ROLLOUT_WORDS,
      );
    });
    this.device.write(this.rollouts, words);
    this.device.write(this.settings, packSampleSettings(settings));
  }

  /** Chooses which rollouts the first rows of a batch are, each until it ends; the rest of `rows` is of none. */
  choose(chosen: readonly number[], rows: number): void {
    const words = new Uint32Array(rows).fill(NO_ROLLOUT);
    words.set(chosen);
    this.device.write(this.chosen, words);
  }

  destroy(): void {
    const own = [
      this.rollouts,
      this.chosen,
      this.live,
      this.numLive,
      this.settings,
      this.tokens,
      this.logProbs,
      this.entropies,
      this.alternatives,
    ];
    for (const buffer of [...own, ...this.caches]) if (buffer) this.device.destroyBuffer(buffer);
  }
}
