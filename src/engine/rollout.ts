// A rollout as decoding leaves it, and the looks at the device that find how far the rollouts of a batch are.
import type { DeviceBuffer, Readback } from '../device/contract';
import { NUM_ALTERNATIVES, ROLLOUT_WORDS } from '../kernels/sampling/decode';
import { DRAFT_OUTCOMES } from '../kernels/sampling/draft';
import type { DecodeState } from '../model/decodeState';

export interface Alternative {
  readonly token: number;
  readonly logp: number;
}

export interface Rollout {
  readonly group: number;
  readonly member: number;
  /** The drawn tokens, the end token included. */
  readonly tokens: number[];
  /** Log-probability of each at the sampling temperature, over the whole vocabulary. */
  readonly logps: number[];
  /** Log-probability by which each was drawn: among those that top_k and top_p left. As `logps` where they leave all. */
  readonly drawnLogps: number[];
  readonly entropies: number[];
  /** Per token, likeliest first; empty unless the generator keeps them. */
  readonly alternatives: Alternative[][];
  /** What became of the draft of each token; not there where nothing drafts. */
  readonly drafts?: readonly DraftOutcome[];
  /** Whether it ended by itself, was cut, or still goes on. */
  readonly stop: 'end' | 'length' | 'running';
}

export type DraftOutcome = (typeof DRAFT_OUTCOMES)[number];

/** Places in `struct Rollout` (shaders/lib/rollout.wgsl). */
const LENGTH_WORD = 4;
const DONE_WORD = 5;

/** What a look at the device found of all rollouts of a batch. */
export interface Look {
  isDone(i: number): boolean;
  rollout(i: number, of: RolloutsOf): Rollout;
  rollouts(of: RolloutsOf): Rollout[];
}

/** What of a request tells which rollout is which, and why it ended. */
interface RolloutsOf {
  readonly members: number;
  readonly sampling: { readonly endTokens: readonly number[] };
}

/** Everything drawn so far by the first `total` rollouts, in one readback. */
export async function lookAt(readback: Readback, state: DecodeState, total: number): Promise<Look> {
  const { maxNewTokens } = state.capacity;
  const part = (buffer: DeviceBuffer, words: number) => ({ buffer, offset: 0, size: total * words * 4 });
  const [states, drawn, pairs, entropy, ...others] = await readback.read([
    part(state.rollouts, ROLLOUT_WORDS),
    part(state.tokens, maxNewTokens),
    part(state.logProbs, maxNewTokens * 2),
    part(state.entropies, maxNewTokens),
    ...(state.alternatives ? [part(state.alternatives, maxNewTokens * NUM_ALTERNATIVES * 2)] : []),
    ...(state.drafts ? [part(state.drafts.outcomes, maxNewTokens)] : []),
  ]);
  const alternatives = state.alternatives && others[0];
  const outcomes = state.drafts && new Uint32Array(others.at(-1) as ArrayBuffer);
  const words = new Uint32Array(states as ArrayBuffer);
  const allTokens = new Uint32Array(drawn as ArrayBuffer);
  // Two a token: over the whole vocabulary, and by which it was drawn.
  const logps = new Float32Array(pairs as ArrayBuffer);
  const entropies = new Float32Array(entropy as ArrayBuffer);
  const isDone = (i: number) => words[i * ROLLOUT_WORDS + DONE_WORD] === 1;
  const rollout = (i: number, { members, sampling }: RolloutsOf): Rollout => {
    const first = i * maxNewTokens;
    const end = first + (words[i * ROLLOUT_WORDS + LENGTH_WORD] as number);
    const tokens = [...allTokens.subarray(first, end)];
    return {
      group: Math.floor(i / members),
      member: i % members,
      tokens,
      logps: tokens.map((_, t) => logps[2 * (first + t)] as number),
      drawnLogps: tokens.map((_, t) => logps[2 * (first + t) + 1] as number),
      entropies: [...entropies.subarray(first, end)],
      alternatives: tokens.map((_, t) => (alternatives ? alternativesAt(alternatives, first + t) : [])),
      // A token that follows an accepted draft had none of its own.
      ...(outcomes && { drafts: draftsOf(outcomes.subarray(first, end)) }),
      stop: sampling.endTokens.includes(tokens.at(-1) as number) ? 'end' : isDone(i) ? 'length' : 'running',
    };
  };
  return { isDone, rollout, rollouts: (of) => Array.from({ length: total }, (_, i) => rollout(i, of)) };
}

/** Of the drafts that were offered, how many were accepted; the share is 0 where none was. */
export function acceptance(drafts: readonly DraftOutcome[]): { accepted: number; offered: number; share: number } {
  const accepted = drafts.filter((outcome) => outcome === 'accepted').length;
  const offered = drafts.filter((outcome) => outcome !== 'none').length;
  return { accepted, offered, share: accepted / Math.max(1, offered) };
}

function draftsOf(outcomes: Uint32Array): DraftOutcome[] {
  const drafts: DraftOutcome[] = [];
  for (const outcome of outcomes) drafts.push((drafts.at(-1) !== 'accepted' && DRAFT_OUTCOMES[outcome]) || 'none');
  return drafts;
}

/** @param place of the token among those of all rollouts. */
function alternativesAt(alternatives: ArrayBuffer, place: number): Alternative[] {
  const ids = new Uint32Array(alternatives, place * NUM_ALTERNATIVES * 2 * 4, NUM_ALTERNATIVES * 2);
  const logps = new Float32Array(ids.buffer, ids.byteOffset, ids.length);
  return Array.from({ length: NUM_ALTERNATIVES }, (_, a) => ({
    token: ids[2 * a] as number,
    logp: logps[2 * a + 1] as number,
  }));
}
