// The layers of a model composed from graph operations.
import type { Graph, Tensor } from '../graph/graph';
import { experts, type Routing, route } from '../graph/operations/experts';
import { latent } from '../graph/operations/latent';
import { bias, linear } from '../graph/operations/linear';
import { rmsNorm, swiglu } from '../graph/operations/pointwise';
import { type RopeInputs, rope } from '../graph/operations/rope';
import type { RouterShape } from '../kernels/moe/moeRoute';
import type { Architecture, ExpertsFeedForward, LatentAttention, Layer } from './architecture';
import { layerPrefix } from './parameterShapes';
import type { Weights } from './weights';

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
function mla(g: Graph, inputs: BlockInputs, layer: number, a: LatentAttention, x: Tensor, h: Tensor): Tensor {
  const { weights } = inputs;
  const prefix = `${layerPrefix(layer)}attention.`;
  let q: Tensor;
  if (a.queryRank === null) {
    q = project(g, weights, `${prefix}query`, x);
  } else {
    const compressed = project(g, weights, `${prefix}queryDown`, x);
    const norm = weights.parameter(g, `${prefix}queryNorm.weight`);
    q = project(g, weights, `${prefix}queryUp`, rmsNorm(g, compressed, norm, a.epsilon));
  }
  const heads = { heads: a.heads, headWidth: a.nope + a.rope.width, rope: a.rope.width };
  const turned = rope(g, q, heads, inputs.rope);
  const kv = project(g, weights, `${prefix}latentDown`, x);
  const shape = { rank: a.rank, rope: a.rope.width, epsilon: a.epsilon };
  const { c, kRope } = latent(g, kv, weights.parameter(g, `${prefix}latentNorm.weight`), shape, inputs.rope);
  return project(g, weights, `${prefix}output`, inputs.attend(layer, turned, c, kRope), h);
}

/** h (N, D) + the SwiGLU of x, h normed. */
function denseFfn(g: Graph, weights: Weights, prefix: string, x: Tensor, h: Tensor): Tensor {
  const hidden = swiglu(g, linear(g, 'gate_up', x, weights.parameter(g, `${prefix}gateUp.weight`)));
  return linear(g, 'down', hidden, weights.parameter(g, `${prefix}down.weight`), h);
}

/** The router of a layer for `rows` tokens. */
export function routerShape(experts: ExpertsFeedForward, rows: number): RouterShape {
  const { numExperts, topK, numGroups, keptGroups, isNormalized, scale } = experts;
  return { rows, numExperts, topK, numGroups, keptGroups, isNormalized, scoring: 'sigmoid', scale };
}

/** h (N, D) + the experts of x, h normed. */
function moeFfn(
  g: Graph,
  inputs: FeedForwardInputs,
  layer: number,
  f: ExpertsFeedForward,
  x: Tensor,
  h: Tensor,
): Tensor {
  const { weights } = inputs;
  const prefix = `${layerPrefix(layer)}feedForward.`;
  const routing = route(g, routerShape(f, x.shape[0] as number), {
    logits: linear(g, 'router', x, weights.parameter(g, `${prefix}router.weight`)),
    bias: g.bind('selection bias', [f.numExperts], weights.biasRange(layer)),
    numTokens: inputs.numTokens,
    load: g.bind('expert load', [f.numExperts], weights.loadRange(layer)),
    stepLoad: g.bind('step load', [f.numExperts], weights.stepLoadRange(layer)),
  });
  inputs.onRouting?.(layer, routing);
  const gateUp = weights.parameter(g, `${prefix}experts.gateUp.weight`);
  const down = weights.parameter(g, `${prefix}experts.down.weight`);
  const residual = f.numShared > 0 ? denseFfn(g, weights, `${prefix}shared.`, x, h) : h;
  return experts(g, routing, { x, gateUp, down, residual });
}

function norm(g: Graph, weights: Weights, name: string, x: Tensor, epsilon: number): Tensor {
  return rmsNorm(g, x, weights.parameter(g, `${name}.weight`), epsilon);
}

/** The second half of a layer: h (N, D) + its feed-forward of the normed h. */
function feedForward(g: Graph, inputs: FeedForwardInputs, layer: number, of: Layer, h: Tensor): Tensor {
  const { weights } = inputs;
  const prefix = `${layerPrefix(layer)}feedForward.`;
  const x = norm(g, weights, `${prefix}norm`, h, of.epsilon);
  return of.feedForward.kind === 'experts'
    ? moeFfn(g, inputs, layer, of.feedForward, x, h)
    : denseFfn(g, weights, prefix, x, h);
}

/** All layers and the final norm: embedded tokens h (N, D) → (N, D). */
export function layers(g: Graph, inputs: BlockInputs, embedded: Tensor): Tensor {
  const { weights } = inputs;
  const { architecture } = weights;
  let h = embedded;
  architecture.layers.forEach((of, layer) => {
    const before = h;
    h = g.block(() => {
      const x = norm(g, weights, `${layerPrefix(layer)}attention.norm`, before, of.epsilon);
      return feedForward(g, inputs, layer, of, mla(g, inputs, layer, of.attention, x, before));
    });
  });
  return norm(g, weights, 'norm', h, architecture.epsilon);
}

/** The parameter (V, D) that makes logits of hidden states. */
export function headName({ isTied }: Architecture): string {
  return isTied ? 'embedding.weight' : 'head.weight';
}
