// What one token of a text attends to, layer by layer and head by head. No pass keeps it: queries and keys are read once more, in
// one forward pass, when somebody wants to know, and compared here.
import type { Compared } from '../model/block';
import type { Weights } from '../model/weights';
import { lookInside } from './lookInside';
import type { Runtime } from './runtime';

/** One head's comparison with the tokens from `AttentionOfLayer.first` on, itself last. */
export interface AttentionOfHead {
  /** Products of query and key: of the part that does not know where it is (0 where there is none), and of the other. */
  readonly content: readonly number[];
  readonly position: readonly number[];
  /** Their sum times the scale, through a softmax. */
  readonly weights: readonly number[];
}

export interface AttentionOfLayer {
  readonly layer: number;
  /** What the products are multiplied by. */
  readonly scale: number;
  /** Widths of the two parts of a query; no content where keys are not split (grouped queries). */
  readonly contentWidth: number;
  readonly positionWidth: number;
  /** The first token that it sees: 0, or later where a window ends before. */
  readonly first: number;
  readonly heads: readonly AttentionOfHead[];
}

/**
 * What the last of the ids attends to. Adds to the weights' load counts as any pass does.
 * @param ids at least one, at most as many as the model has positions.
 * @throws OutOfMemoryError or DeviceTooSmallError.
 */
export async function readAttention(
  runtime: Runtime,
  weights: Weights,
  ids: readonly number[],
): Promise<AttentionOfLayer[]> {
  const { seen } = await lookInside<Compared>(runtime, weights, ids, {
    label: 'Attention',
    hooks: (see) => ({ onAttention: (_, compared) => see(compared) }),
    tensorsOf: ({ q, kv, kRope }) => [q, kv, kRope],
  });
  return seen.map(({ one: { shape }, parts }, layer) => {
    const [q, kv, kRope] = parts.map((bytes) => new Float32Array(bytes)) as [Float32Array, Float32Array, Float32Array];
    return compare(layer, shape, ids.length - 1, { q, kv, kRope });
  });
}

type Read = Readonly<Record<'q' | 'kv' | 'kRope', Float32Array>>;

function compare(layer: number, shape: Compared['shape'], n: number, { q, kv, kRope }: Read): AttentionOfLayer {
  const { heads, kvHeads, ropeHeads, nope, rope, value, scale, window = n + 1 } = shape;
  const first = Math.max(0, n - window + 1);
  const seen = Array.from({ length: n - first + 1 }, (_, i) => first + i);
  const ofHead = (head: number): AttentionOfHead => {
    const at = (n * heads + head) * (nope + rope);
    const kvHead = Math.floor(head / (heads / kvHeads));
    const ropeHead = Math.floor(head / (heads / ropeHeads));
    const content = seen.map((k) => dot(q, at, kv, (k * kvHeads + kvHead) * (nope + value), nope));
    const position = seen.map((k) => dot(q, at + nope, kRope, (k * ropeHeads + ropeHead) * rope, rope));
    return { content, position, weights: softmax(content.map((one, i) => scale * (one + (position[i] as number)))) };
  };
  return {
    layer,
    scale,
    contentWidth: nope,
    positionWidth: rope,
    first,
    heads: Array.from({ length: heads }, (_, head) => ofHead(head)),
  };
}

function dot(a: Float32Array, aAt: number, b: Float32Array, bAt: number, width: number): number {
  let sum = 0;
  for (let i = 0; i < width; i++) sum += (a[aAt + i] as number) * (b[bAt + i] as number);
  return sum;
}

function softmax(scores: readonly number[]): number[] {
  const largest = Math.max(...scores);
  const powers = scores.map((score) => Math.exp(score - largest));
  const total = powers.reduce((sum, power) => sum + power, 0);
  return powers.map((power) => power / total);
}
