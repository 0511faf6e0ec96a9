// Prefill and one decode step as graphs: the same layers as the full forward pass, attention from the latent cache.
import { type BufferRange, whole } from '../gpu/device';
import type { Graph, Tensor } from '../graph/graph';
import { embed } from '../graph/operations/embed';
import { decodeBegin, latentAppend, mlaDecode, sample } from '../kernels/decode';
import { head, layers } from './blocks';
import type { DecodeState } from './decodeState';
import { forward, mlaShape } from './forward';
import type { BatchTensors } from './packedBatch';
import { layerPrefix } from './tensorNames';
import type { Weights } from './weights';

/** Records the prompts' pass: every prompt token's latent goes into the prompt cache at the token's place in the batch. */
export function recordPrefill(
  g: Graph,
  weights: Weights,
  state: DecodeState,
  batch: BatchTensors,
  ropeRange: BufferRange,
): void {
  const { kv_lora_rank: rank, qk_rope_head_dim: rope } = weights.config;
  forward(g, weights, batch, ropeRange, (layer, c, kRope) => {
    const cache = g.bind('prompt cache', [batch.capacity, rank + rope], whole(state.promptCaches[layer] as GPUBuffer));
    g.emit(latentAppend({ rows: batch.capacity, rank, rope }, { c, k_rope: kRope, cache }));
  });
}

/** Records one step for `rows` live rollouts: read a token each, draw the next. Returns the logits (rows, V). */
export function recordDecodeStep(
  g: Graph,
  weights: Weights,
  state: DecodeState,
  rows: number,
  ropeRange: BufferRange,
  numTokens: BufferRange,
): Tensor {
  const { config } = weights;
  const { kv_lora_rank: rank, qk_rope_head_dim: rope } = config;
  const { maxNewTokens } = state.capacity;
  const bind = (label: string, buffer: GPUBuffer) => g.bind(label, [buffer.size / 4], whole(buffer));
  const live = bind('live', state.live);
  const rollouts = bind('rollouts', state.rollouts);
  const ids = g.tensor('ids', [rows]);
  const positions = g.tensor('positions', [rows]);
  const slots = g.tensor('slots', [rows]);
  g.emit(decodeBegin({ rows, maxNewTokens }, { live, rollouts, ids, positions, slots }));
  const shape = { ...mlaShape(config, rows), rank, maxNewTokens };
  const hidden = layers(
    g,
    {
      weights,
      rope: {
        table: g.bind('rope table', [ropeRange.size / 8, 2], ropeRange),
        positions,
        isInterleaved: config.rope_interleave,
      },
      numTokens: g.bind('num tokens', [1], numTokens),
      attend: (layer, q, c, kRope) => {
        const promptCache = bind('prompt cache', state.promptCaches[layer] as GPUBuffer);
        const ownCache = bind('own cache', state.ownCaches[layer] as GPUBuffer);
        const w = weights.parameter(g, `${layerPrefix(layer)}self_attn.kv_b_proj.weight`);
        const y = g.tensor('attention', [rows, shape.heads * shape.value]);
        g.emit(
          latentAppend({ rows, rank, rope }, { c, k_rope: kRope, cache: ownCache, slots }),
          mlaDecode(shape, { live, rollouts, q, w, prompt_cache: promptCache, own_cache: ownCache, y }),
        );
        return y;
      },
    },
    embed(g, ids, weights.parameter(g, 'model.embed_tokens.weight')),
  );
  const logits = head(g, weights, hidden);
  g.emit(
    sample(
      { rows, vocabulary: config.vocab_size, maxNewTokens },
      {
        settings: bind('sample settings', state.settings),
        live,
        logits,
        rollouts,
        tokens: bind('tokens', state.tokens),
        log_probs: bind('log probs', state.logProbs),
        entropies: bind('entropies', state.entropies),
        ...(state.alternatives && { alternatives: bind('alternatives', state.alternatives) }),
      },
    ),
  );
  return logits;
}
