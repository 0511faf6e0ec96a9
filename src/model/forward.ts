// The whole forward pass over a packed batch, attention in its expanded form.
import type { BufferRange } from '../device/contract';
import type { Graph, Tensor } from '../graph/graph';
import { attention } from '../graph/operations/attention';
import { embed } from '../graph/operations/embed';
import { linear } from '../graph/operations/linear';
import { latentShape, type MlaShape } from '../kernels/attention/attention';
import type { LatentAttention, Layer } from './architecture';
import { type BlockInputs, layers } from './blocks';
import type { BatchTensors } from './packedBatch';
import { layerPrefix } from './parameterShapes';
import type { Weights } from './weights';

/** Sizes of a layer's attention for `rows` tokens. */
export function mlaShape({ heads, nope, rope, value, scale }: LatentAttention, rows: number): MlaShape {
  return { rows, heads, nope, rope: rope.width, value, scale };
}

/** Who looks at the forward pass from inside. */
export interface ForwardHooks extends Pick<BlockInputs, 'onRouting'> {
  /** Called with each layer's latent (N, rank) and turned rope key (N, rope), for a cache. */
  onLatent?(layer: number, c: Tensor, kRope: Tensor): void;
}

/** Records the forward pass up to the final norm, before the head. Returns hidden states (N, D). */
export function forward(
  g: Graph,
  weights: Weights,
  batch: BatchTensors,
  ropeRange: BufferRange,
  { onLatent, onRouting }: ForwardHooks = {},
): Tensor {
  const { layers: all } = weights.architecture;
  const { rope } = (all[0] as Layer).attention;
  const table = g.bind('rope table', [ropeRange.size / 8, 2], ropeRange);
  const embedded = embed(g, batch.ids, weights.parameter(g, 'embedding.weight'));
  return layers(
    g,
    {
      weights,
      rope: { table, positions: batch.positions, isInterleaved: rope.isInterleaved },
      numTokens: batch.numTokens,
      onRouting,
      attend: (layer, q, c, kRope) => {
        onLatent?.(layer, c, kRope);
        const kv = linear(g, 'latentUp', c, weights.parameter(g, `${layerPrefix(layer)}attention.latentUp.weight`));
        const shape = latentShape(mlaShape((all[layer] as Layer).attention, batch.capacity));
        return attention(g, shape, q, kv, kRope, batch.spans);
      },
    },
    embedded,
  );
}
