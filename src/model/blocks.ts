// The layers of deepseek_v3 composed from graph operations.
import type { Graph, Tensor } from '../graph/graph';
import { experts, type Routing, route } from '../graph/operations/experts';
import { bias, linear } from '../graph/operations/linear';
import { latent, type RopeInputs, rope } from '../graph/operations/mla';
import { rmsNorm, swiglu } from '../graph/operations/pointwise';
import type { RouterShape } from '../kernels/moe/moeRoute';
import { isMoeLayer, type ModelConfig, qkHeadDim } from './config';
import { layerPrefix } from './tensorNames';
import type { Weights } from './weights';

/** transformers normalises the latents with its default epsilon, whatever rms_norm_eps says. */
export const LATENT_EPSILON = 1e-6;

/** Attention over keys wherever they are: (layer, turned q, latent c, turned k_rope) → (N, H·value). */
export type Attend = (layer: number, q: Tensor, c: Tensor, kRope: Tensor) => Tensor;

interface FeedForwardInputs {
  readonly weights: Weights;
  /** (1): tokens of the batch that are real; the rest is padding and goes to no expert. */
  readonly numTokens: Tensor;
  /** Called with each MoE layer's choice of experts, for whoever looks at it. */
  readonly onRouting?: ((layer: number, routing: Routing) => void) | undefined;
}

export interface BlockInputs extends FeedForwardInputs {
  readonly rope: RopeInputs;
  readonly attend: Attend;
}

/** residual + x·Wᵀ + bias, the first and the last where there are any. */
function project(g: Graph, weights: Weights, name: string, x: Tensor, residual?: Tensor): Tensor {
  const y = linear(g, name.replace(/^.*\./, ''), x, weights.parameter(g, `${name}.weight`), residual);
  const biasName = `${name}.bias`;
  return weights.has(biasName) ? bias(g, biasName, y, weights.parameter(g, biasName)) : y;
}

/** h (N, D) + the attention of x, h normed. */
function mla(g: Graph, inputs: BlockInputs, layer: number, x: Tensor, h: Tensor): Tensor {
  const { weights } = inputs;
  const { config } = weights;
  const prefix = `${layerPrefix(layer)}self_attn.`;
  let q: Tensor;
  if (config.q_lora_rank === null) {
    q = project(g, weights, `${prefix}q_proj`, x);
  } else {
    const compressed = project(g, weights, `${prefix}q_a_proj`, x);
    const norm = weights.parameter(g, `${prefix}q_a_layernorm.weight`);
    q = project(g, weights, `${prefix}q_b_proj`, rmsNorm(g, compressed, norm, LATENT_EPSILON));
  }
  const heads = { heads: config.num_attention_heads, headWidth: qkHeadDim(config), rope: config.qk_rope_head_dim };
  const turned = rope(g, q, heads, inputs.rope);
  const kv = project(g, weights, `${prefix}kv_a_proj_with_mqa`, x);
  const shape = { rank: config.kv_lora_rank, rope: config.qk_rope_head_dim, epsilon: LATENT_EPSILON };
  const { c, kRope } = latent(g, kv, weights.parameter(g, `${prefix}kv_a_layernorm.weight`), shape, inputs.rope);
  return project(g, weights, `${prefix}o_proj`, inputs.attend(layer, turned, c, kRope), h);
}

/** h (N, D) + the SwiGLU of x, h normed. */
function denseFfn(g: Graph, weights: Weights, prefix: string, x: Tensor, h: Tensor): Tensor {
  const hidden = swiglu(g, linear(g, 'gate_up', x, weights.parameter(g, `${prefix}gate_up_proj.weight`)));
  return linear(g, 'down', hidden, weights.parameter(g, `${prefix}down_proj.weight`), h);
}

/** The router of a model for `rows` tokens. */
export function routerShape(config: ModelConfig, rows: number): RouterShape {
  return {
    rows,
    numExperts: config.n_routed_experts,
    topK: config.num_experts_per_tok,
    numGroups: config.n_group,
    keptGroups: config.topk_group,
    isNormalized: config.norm_topk_prob,
    scale: config.routed_scaling_factor,
  };
}

/** h (N, D) + the experts of x, h normed. */
function moeFfn(g: Graph, inputs: FeedForwardInputs, layer: number, x: Tensor, h: Tensor): Tensor {
  const { weights } = inputs;
  const { config } = weights;
  const prefix = `${layerPrefix(layer)}mlp.`;
  const routing = route(g, routerShape(config, x.shape[0] as number), {
    logits: linear(g, 'router', x, weights.parameter(g, `${prefix}gate.weight`)),
    bias: g.bind('selection bias', [config.n_routed_experts], weights.biasRange(layer)),
    numTokens: inputs.numTokens,
    load: g.bind('expert load', [config.n_routed_experts], weights.loadRange(layer)),
    stepLoad: g.bind('step load', [config.n_routed_experts], weights.stepLoadRange(layer)),
  });
  inputs.onRouting?.(layer, routing);
  const gateUp = weights.parameter(g, `${prefix}experts.gate_up_proj.weight`);
  const down = weights.parameter(g, `${prefix}experts.down_proj.weight`);
  const residual = config.n_shared_experts > 0 ? denseFfn(g, weights, `${prefix}shared_experts.`, x, h) : h;
  return experts(g, routing, { x, gateUp, down, residual });
}

function norm(g: Graph, weights: Weights, name: string, x: Tensor): Tensor {
  return rmsNorm(g, x, weights.parameter(g, `${name}.weight`), weights.config.rms_norm_eps);
}

/** The second half of a layer: h (N, D) + its feed-forward of the normed h. */
function feedForward(g: Graph, inputs: FeedForwardInputs, layer: number, h: Tensor): Tensor {
  const { weights } = inputs;
  const prefix = layerPrefix(layer);
  const x = norm(g, weights, `${prefix}post_attention_layernorm`, h);
  return isMoeLayer(weights.config, layer)
    ? moeFfn(g, inputs, layer, x, h)
    : denseFfn(g, weights, `${prefix}mlp.`, x, h);
}

/** All layers and the final norm: embedded tokens h (N, D) → (N, D). */
export function layers(g: Graph, inputs: BlockInputs, embedded: Tensor): Tensor {
  const { weights } = inputs;
  let h = embedded;
  for (let layer = 0; layer < weights.config.num_hidden_layers; layer++) {
    const before = h;
    h = g.block(() => {
      const x = norm(g, weights, `${layerPrefix(layer)}input_layernorm`, before);
      return feedForward(g, inputs, layer, mla(g, inputs, layer, x, before));
    });
  }
  return norm(g, weights, 'model.norm', h);
}

/** The parameter (V, D) that makes logits of hidden states. */
export function headName(config: ModelConfig): string {
  return config.tie_word_embeddings ? 'model.embed_tokens.weight' : 'lm_head.weight';
}
