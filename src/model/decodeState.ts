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
import { layerBlocks, mtpBlocks } from './blocks';

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
  /** Whether the model's module for further tokens drafts a token ahead: all prompts are read at once then. */
  readonly drafts?: boolean;
}

/** What a step that drafts keeps. */
export interface DraftState {
  /** (R): the token that was drafted after a rollout's last one; NO_ROLLOUT: none. */
  readonly tokens: DeviceBuffer;
  /** (R, T): what became of the draft of each token (DRAFT_OUTCOMES). */
  readonly outcomes: DeviceBuffer;
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
  readonly drafts: DraftState | undefined;
  /**
   * By layer, rows of what its attention keeps of a token: the prompts' tokens, then from `ownRows` on as many for each
   * rollout as it can have tokens, a draft beyond its last among them.
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
    const rows = rollouts * (capacity.drafts ? 2 : 1);
    this.chosen = make('chosen', rows);
    this.live = make('live', rows);
    this.numLive = make('numLive', 1);
    this.settings = device.createBuffer('DecodeState.settings', SAMPLE_SETTINGS_BYTES);
    this.tokens = make('tokens', rollouts * maxNewTokens);
    this.logProbs = make('logProbs', rollouts * maxNewTokens * 2);
    this.entropies = make('entropies', rollouts * maxNewTokens);
    this.alternatives = hasAlternatives
      ? make('alternatives', rollouts * maxNewTokens * NUM_ALTERNATIVES * 2)
      : undefined;
    this.drafts = capacity.drafts
      ? { tokens: make('drafts', rollouts), outcomes: make('draftOutcomes', rollouts * maxNewTokens) }
      : undefined;
    const cacheRows = this.ownRows + rollouts * this.rowsOfRollout;
    const module = capacity.drafts ? mtpBlocks(architecture) : undefined;
    this.caches = [...layerBlocks(architecture), ...(module ? [module] : [])].map(({ attention: { cost } }, layer) =>
      device.createBuffer(`DecodeState.cache:${layer}`, cacheRows * cost.cacheBytes),
    );
  }

  /** Row of the caches where the rollouts' own tokens start. */
  private get ownRows(): number {
    // A prefill of no tokens still writes one row.
    return Math.max(1, this.capacity.promptTokens);
  }

  private get rowsOfRollout(): number {
    return this.capacity.maxNewTokens + (this.capacity.drafts ? 1 : 0);
  }

  /** Begins a new batch of rollouts. */
  begin(starts: readonly RolloutStart[], settings: SampleSettings): void {
    const words = new Uint32Array(starts.length * ROLLOUT_WORDS);
    starts.forEach((start, i) => {
      const ownFirst = start.ownFirst ?? this.ownRows + i * this.rowsOfRollout;
      words.set(
        [start.promptFirst, start.promptLength, ownFirst, start.token, start.length ?? 0, 0, ...start.key],
        i * ROLLOUT_WORDS,
      );
    });
    this.device.write(this.rollouts, words);
    this.device.write(this.settings, packSampleSettings(settings));
    if (this.drafts) this.device.write(this.drafts.tokens, new Uint32Array(starts.length).fill(NO_ROLLOUT));
  }

  /** Chooses which rollouts the first rows of a batch are, each until it ends; the rest of `rows` is of none. */
  choose(chosen: readonly number[], rows: number): void {
    const each = this.drafts ? 2 : 1;
    const words = new Uint32Array(rows * each).fill(NO_ROLLOUT);
    chosen.forEach((rollout, row) => {
      words.fill(rollout, row * each, (row + 1) * each);
    });
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
      this.drafts?.tokens,
      this.drafts?.outcomes,
    ];
    for (const buffer of [...own, ...this.caches]) if (buffer) this.device.destroyBuffer(buffer);
  }
}
