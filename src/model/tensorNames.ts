// The tensors of a deepseek_v3 checkpoint: every name on disk with its shape, layer by layer in a fixed order. The one
// truth for what a folder must hold, in which order the parameters lie in memory, and what a gradient is called.
import { isMoeLayer, type ModelConfig, qkHeadDim } from './config';

export type TensorShapes = ReadonlyMap<string, readonly number[]>;

/** Name of the router's selection bias in layer `layer`: a buffer, shape (E); no gradient, not seen by an optimizer. */
export function selectionBiasName(layer: number): string {
  return `model.layers.${layer}.mlp.gate.e_score_correction_bias`;
}

/** True for a tensor that is stored but not trained (the selection bias). */
export function isBuffer(name: string): boolean {
  return name.endsWith('.mlp.gate.e_score_correction_bias');
}

/** Prefix of everything in layer `layer`, with its dot. */
export function layerPrefix(layer: number): string {
  return `model.layers.${layer}.`;
}

/**
 * Name → shape of every tensor on disk, weights as (out, in). Embedding, then each layer (attention before FFN), then
 * the final norm and, unless tied, the head. Tensors of no elements (shared experts when there are none) are left out.
 */
export function expectedTensors(config: ModelConfig): TensorShapes {
  const shapes = new Map<string, readonly number[]>();
  const width = config.hidden_size;
  shapes.set('model.embed_tokens.weight', [config.vocab_size, width]);
  for (let layer = 0; layer < config.num_hidden_layers; layer++) {
    const prefix = layerPrefix(layer);
    shapes.set(`${prefix}input_layernorm.weight`, [width]);
    addAttention(shapes, `${prefix}self_attn.`, config);
    shapes.set(`${prefix}post_attention_layernorm.weight`, [width]);
    if (isMoeLayer(config, layer)) addExperts(shapes, `${prefix}mlp.`, config);
    else addSwiGlu(shapes, `${prefix}mlp.`, config.intermediate_size, width);
  }
  shapes.set('model.norm.weight', [width]);
  if (!config.tie_word_embeddings) shapes.set('lm_head.weight', [config.vocab_size, width]);
  return shapes;
}

function addAttention(shapes: Map<string, readonly number[]>, prefix: string, config: ModelConfig): void {
  const { hidden_size: width, num_attention_heads: heads, q_lora_rank: qRank, kv_lora_rank: rank } = config;
  const bias = config.attention_bias;
  const queryWidth = heads * qkHeadDim(config);
  const latentWidth = rank + config.qk_rope_head_dim;
  if (qRank === null) {
    shapes.set(`${prefix}q_proj.weight`, [queryWidth, width]);
  } else {
    shapes.set(`${prefix}q_a_proj.weight`, [qRank, width]);
    if (bias) shapes.set(`${prefix}q_a_proj.bias`, [qRank]);
    shapes.set(`${prefix}q_a_layernorm.weight`, [qRank]);
    shapes.set(`${prefix}q_b_proj.weight`, [queryWidth, qRank]);
  }
  shapes.set(`${prefix}kv_a_proj_with_mqa.weight`, [latentWidth, width]);
  if (bias) shapes.set(`${prefix}kv_a_proj_with_mqa.bias`, [latentWidth]);
  shapes.set(`${prefix}kv_a_layernorm.weight`, [rank]);
  shapes.set(`${prefix}kv_b_proj.weight`, [heads * (config.qk_nope_head_dim + config.v_head_dim), rank]);
  shapes.set(`${prefix}o_proj.weight`, [width, heads * config.v_head_dim]);
  if (bias) shapes.set(`${prefix}o_proj.bias`, [width]);
}

function addExperts(shapes: Map<string, readonly number[]>, prefix: string, config: ModelConfig): void {
  shapes.set(`${prefix}gate.weight`, [config.n_routed_experts, config.hidden_size]);
  shapes.set(`${prefix}gate.e_score_correction_bias`, [config.n_routed_experts]);
  for (let expert = 0; expert < config.n_routed_experts; expert++) {
    addSwiGlu(shapes, `${prefix}experts.${expert}.`, config.moe_intermediate_size, config.hidden_size);
  }
  const sharedWidth = config.moe_intermediate_size * config.n_shared_experts;
  if (sharedWidth > 0) addSwiGlu(shapes, `${prefix}shared_experts.`, sharedWidth, config.hidden_size);
}

function addSwiGlu(shapes: Map<string, readonly number[]>, prefix: string, hidden: number, width: number): void {
  shapes.set(`${prefix}gate_proj.weight`, [hidden, width]);
  shapes.set(`${prefix}up_proj.weight`, [hidden, width]);
  shapes.set(`${prefix}down_proj.weight`, [width, hidden]);
}

/** Elements of a shape; 1 for a scalar. */
export function numElements(shape: readonly number[]): number {
  return shape.reduce((product, dim) => product * dim, 1);
}

/** Trained parameters of the whole model, and those one token passes through (K of the E experts). */
export function countParameters(config: ModelConfig): { total: number; active: number } {
  let total = 0;
  let routed = 0;
  for (const [name, shape] of expectedTensors(config)) {
    if (isBuffer(name)) continue;
    total += numElements(shape);
    if (name.includes('.mlp.experts.')) routed += numElements(shape);
  }
  return { total, active: total - routed + (routed * config.num_experts_per_tok) / config.n_routed_experts };
}
