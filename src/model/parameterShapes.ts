// The parameters of an architecture: every name with its shape, layer by layer in a fixed order. The one truth for what a folder
// must hold, in which order the parameters lie in memory, and what a gradient is called. What they are called on disk, a
// family says (description.ts).
import { numElements } from '../lib/tensors/storedTensor';
import type { Architecture, FeedForward, LatentAttention } from './architecture';

export type ParameterShapes = ReadonlyMap<string, readonly number[]>;

/** Prefix of everything in layer `layer`, with its dot. */
export function layerPrefix(layer: number): string {
  return `layers.${layer}.`;
}

/** Name of the router's selection bias in layer `layer`: a buffer, shape (E); no gradient, not seen by an optimizer. */
export function selectionBiasName(layer: number): string {
  return `${layerPrefix(layer)}feedForward.router.selectionBias`;
}

/** True for what is stored but not trained (the selection bias). */
export function isBuffer(name: string): boolean {
  return name.endsWith('.selectionBias');
}

/**
 * Name → shape of every parameter, weights as (out, in). Embedding, then each layer (attention before feed-forward), then the final
 * norm and, unless tied, the head. Parameters of no elements (shared experts when there are none) are left out.
 */
export function parameterShapes({ vocabulary, width, layers, isTied }: Architecture): ParameterShapes {
  const shapes = new Map<string, readonly number[]>();
  shapes.set('embedding.weight', [vocabulary, width]);
  layers.forEach(({ attention, feedForward }, layer) => {
    const prefix = layerPrefix(layer);
    shapes.set(`${prefix}attention.norm.weight`, [width]);
    addAttention(shapes, `${prefix}attention.`, attention, width);
    shapes.set(`${prefix}feedForward.norm.weight`, [width]);
    addFeedForward(shapes, `${prefix}feedForward.`, feedForward, width);
  });
  shapes.set('norm.weight', [width]);
  if (!isTied) shapes.set('head.weight', [vocabulary, width]);
  return shapes;
}

function addAttention(
  shapes: Map<string, readonly number[]>,
  prefix: string,
  { heads, queryRank, rank, nope, rope, value, hasBias }: LatentAttention,
  width: number,
): void {
  const queryWidth = heads * (nope + rope.width);
  const latentWidth = rank + rope.width;
  if (queryRank === null) {
    shapes.set(`${prefix}query.weight`, [queryWidth, width]);
  } else {
    shapes.set(`${prefix}queryDown.weight`, [queryRank, width]);
    if (hasBias) shapes.set(`${prefix}queryDown.bias`, [queryRank]);
    shapes.set(`${prefix}queryNorm.weight`, [queryRank]);
    shapes.set(`${prefix}queryUp.weight`, [queryWidth, queryRank]);
  }
  shapes.set(`${prefix}latentDown.weight`, [latentWidth, width]);
  if (hasBias) shapes.set(`${prefix}latentDown.bias`, [latentWidth]);
  shapes.set(`${prefix}latentNorm.weight`, [rank]);
  shapes.set(`${prefix}latentUp.weight`, [heads * (nope + value), rank]);
  shapes.set(`${prefix}output.weight`, [width, heads * value]);
  if (hasBias) shapes.set(`${prefix}output.bias`, [width]);
}

function addFeedForward(
  shapes: Map<string, readonly number[]>,
  prefix: string,
  feedForward: FeedForward,
  width: number,
): void {
  if (feedForward.kind === 'dense') {
    addSwiGlu(shapes, prefix, feedForward.hidden, width);
    return;
  }
  const { numExperts, numShared, hidden } = feedForward;
  shapes.set(`${prefix}router.weight`, [numExperts, width]);
  shapes.set(`${prefix}router.selectionBias`, [numExperts]);
  for (let expert = 0; expert < numExperts; expert++) addSwiGlu(shapes, `${prefix}experts.${expert}.`, hidden, width);
  if (numShared > 0) addSwiGlu(shapes, `${prefix}shared.`, hidden * numShared, width);
}

function addSwiGlu(shapes: Map<string, readonly number[]>, prefix: string, hidden: number, width: number): void {
  shapes.set(`${prefix}gate.weight`, [hidden, width]);
  shapes.set(`${prefix}up.weight`, [hidden, width]);
  shapes.set(`${prefix}down.weight`, [width, hidden]);
}

/** Trained parameters of the whole model, and those one token passes through (K of the E experts). */
export function countParameters(architecture: Architecture): { total: number; active: number } {
  let total = 0;
  let idle = 0;
  for (const [name, shape] of parameterShapes(architecture)) if (!isBuffer(name)) total += numElements(shape);
  for (const { feedForward } of architecture.layers) {
    if (feedForward.kind !== 'experts') continue;
    idle += (feedForward.numExperts - feedForward.topK) * 3 * feedForward.hidden * architecture.width;
  }
  return { total, active: total - idle };
}
