// A model's blocks composed into its forward pass over a packed batch.
import type { Graph, Tensor } from '../graph/graph';
import { embed } from '../graph/operations/embed';
import type { Routing } from '../graph/operations/experts';
import { rmsNorm } from '../graph/operations/pointwise';
import type { Compared, LayerPass, RouterTensors } from './block';
import { type LayerBlocks, layerBlocks, type SizedBlock } from './blocks';
import type { BatchTensors } from './packedBatch';
import type { RopeTables } from './ropeTables';
import type { Weights } from './weights';

/** Who looks at the forward pass from inside. */
export interface ForwardHooks {
  /** Each layer's cache, which a row of each token goes into. */
  cacheOf?(layer: number): Tensor;
  /** Called with each MoE layer's choice of experts. */
  onRouting?(layer: number, routing: Routing): void;
  /** Called with each layer's queries and keys. */
  onAttention?(layer: number, compared: Compared): void;
}

/** Records the forward pass up to the final norm, before the head. Returns hidden states (N, D). */
export function forward(
  g: Graph,
  weights: Weights,
  batch: BatchTensors,
  tables: RopeTables,
  hooks: ForwardHooks = {},
): Tensor {
  const { architecture } = weights;
  const inputs = { g, weights, batch, tables, hooks };
  let h = embed(g, batch.ids, weights.parameter(g, 'embedding.weight'));
  for (const layer of layerBlocks(architecture)) h = forwardLayer(inputs, layer, h);
  return rmsNorm(g, h, weights.parameter(g, 'norm.weight'), architecture.epsilon);
}

/** What a layer over packed texts is computed from. */
export interface ForwardInputs {
  readonly g: Graph;
  readonly weights: Weights;
  readonly batch: BatchTensors;
  readonly tables: RopeTables;
  readonly hooks: ForwardHooks;
}

/** Records one layer: h (N, D) → (N, D). */
export function forwardLayer(inputs: ForwardInputs, { attention, feedForward }: LayerBlocks, h: Tensor): Tensor {
  const passOf = (block: SizedBlock) => layerPass(inputs, block);
  return inputs.g.block(() => feedForward.forward(passOf(feedForward), attention.forward(passOf(attention), h)));
}

function layerPass({ g, weights, batch, tables, hooks }: ForwardInputs, { layer, prefix }: SizedBlock): LayerPass {
  return {
    g,
    rows: batch.capacity,
    numTokens: batch.numTokens,
    spans: batch.spans,
    cache: hooks.cacheOf?.(layer),
    has: (name) => weights.has(prefix + name),
    parameter: (name) => weights.parameter(g, prefix + name),
    rope: (rope) => ({
      table: tables.tensor(g, rope),
      positions: batch.positions,
      isInterleaved: rope.isInterleaved,
    }),
    router: (numExperts) => routerTensors(g, weights, layer, numExperts),
    onRouting: (routing) => hooks.onRouting?.(layer, routing),
    onAttention: (compared) => hooks.onAttention?.(layer, compared),
  };
}

/** What the router of a layer reads and counts. */
export function routerTensors(g: Graph, weights: Weights, layer: number, numExperts: number): RouterTensors {
  return {
    bias: g.bind('selection bias', [numExperts], weights.biasRange(layer)),
    load: g.bind('expert load', [numExperts], weights.loadRange(layer)),
    stepLoad: g.bind('step load', [numExperts], weights.stepLoadRange(layer)),
  };
}
