// The kinds of blocks that there are: the one place that chooses between them.
import type { Tensor } from '../graph/graph';
import { type Architecture, type Attention, allLayers, type FeedForward } from './architecture';
import { groupedQueryAttention } from './attention/groupedQuery';
import { latentAttention } from './attention/latent';
import type { Block, BlockCost, BlockParameter, LayerPass, LayerStep } from './block';
import { denseFeedForward } from './feedForward/dense';
import { expertsFeedForward } from './feedForward/experts';

/** A block of one layer, with its sizes. */
export interface SizedBlock {
  readonly layer: number;
  /** Of its parameters' names, with its dot: `layers.0.attention.`. */
  readonly prefix: string;
  /** In the order in which they are stored. */
  readonly parameters: readonly BlockParameter[];
  readonly cost: BlockCost;
  /** h (N, D) + the block of the normed h. */
  forward(pass: LayerPass, h: Tensor): Tensor;
  /** The same for one new token a row (B, D). */
  decode(step: LayerStep, h: Tensor): Tensor;
}

interface Place {
  readonly layer: number;
  readonly name: string;
  readonly epsilon: number;
  readonly width: number;
  /** What layers of the same sizes have in common; most of a model's do. */
  readonly common: Map<Attention | FeedForward, Pick<SizedBlock, 'parameters' | 'cost'>>;
}

function sized<S extends Attention | FeedForward>(block: Block<S>, sizes: S, place: Place): SizedBlock {
  const { layer, name, epsilon, width, common } = place;
  const facts = common.get(sizes) ?? { parameters: block.parameters(sizes, width), cost: block.cost(sizes, width) };
  common.set(sizes, facts);
  return {
    layer,
    prefix: `layers.${layer}.${name}.`,
    ...facts,
    forward: (pass: LayerPass, h: Tensor) => block.forward(pass, sizes, epsilon, h),
    decode: (step: LayerStep, h: Tensor) => block.decode(step, sizes, epsilon, h),
  };
}

function attentionBlock(attention: Attention, place: Place): SizedBlock {
  return attention.kind === 'latent'
    ? sized(latentAttention, attention, place)
    : sized(groupedQueryAttention, attention, place);
}

function feedForwardBlock(feedForward: FeedForward, place: Place): SizedBlock {
  return feedForward.kind === 'dense'
    ? sized(denseFeedForward, feedForward, place)
    : sized(expertsFeedForward, feedForward, place);
}

export interface LayerBlocks {
  readonly attention: SizedBlock;
  readonly feedForward: SizedBlock;
}

function blocksOf(architecture: Architecture): LayerBlocks[] {
  const common: Place['common'] = new Map();
  const { width } = architecture;
  return allLayers(architecture).map(({ attention, feedForward, epsilon }, layer) => ({
    attention: attentionBlock(attention, { layer, name: 'attention', epsilon, width, common }),
    feedForward: feedForwardBlock(feedForward, { layer, name: 'feedForward', epsilon, width, common }),
  }));
}

/** The two blocks of each layer. */
export function layerBlocks(architecture: Architecture): LayerBlocks[] {
  return blocksOf(architecture).slice(0, architecture.layers.length);
}

/** Those of the module that predicts the token after the next; undefined of a model without one. */
export function mtpBlocks(architecture: Architecture): LayerBlocks | undefined {
  return blocksOf(architecture)[architecture.layers.length];
}
