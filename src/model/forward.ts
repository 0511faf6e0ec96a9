// The whole forward pass over a packed batch, attention in its expanded form.
import type { BufferRange } from '../device/contract';
import type { Graph, Tensor } from '../graph/graph';
import { embed } from '../graph/operations/embed';
import { linear } from '../graph/operations/linear';
import { attention } from '../graph/operations/mla';
import type { MlaShape } from '../kernels/attention/mlaAttention';
import { type BlockInputs, layers } from './blocks';
import type { ModelConfig } from './config';
import type { BatchTensors } from './packedBatch';
import { attentionScale } from './rope';
import { layerPrefix } from './tensorNames';
import type { Weights } from './weights';

/** Sizes of a model's attention for `rows` tokens. */
export function mlaShape(config: ModelConfig, rows: number): MlaShape {
  return {
    rows,
    heads: config.num_attention_heads,
    nope: config.qk_nope_head_dim,
    rope: config.qk_rope_head_dim,
    value: config.v_head_dim,
    scale: attentionScale(config),
  };
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
  const { config } = weights;
  const shape = mlaShape(config, batch.capacity);
  const table = g.bind('rope table', [ropeRange.size / 8, 2], ropeRange);
  const embedded = embed(g, batch.ids, weights.parameter(g, 'model.embed_tokens.weight'));
  return layers(
    g,
    {
      weights,
      rope: { table, positions: batch.positions, isInterleaved: config.rope_interleave },
      numTokens: batch.numTokens,
      onRouting,
      attend: (layer, q, c, kRope) => {
        onLatent?.(layer, c, kRope);
        const kv = linear(g, 'kv_b_proj', c, weights.parameter(g, `${layerPrefix(layer)}self_attn.kv_b_proj.weight`));
        return attention(g, shape, q, kv, kRope, batch.spans);
      },
    },
    embedded,
  );
}
