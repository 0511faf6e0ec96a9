// The parameters of an architecture: every name with its shape, layer by layer in a fixed order. The one truth for what a folder
// must hold, in which order the parameters lie in memory, and what a gradient is called. What they are called on disk, a
// family says (description.ts).
import { numElements } from '../lib/tensors/storedTensor';
import type { Architecture } from './architecture';
import { type BlockParameter, projection } from './block';
import { layerBlocks } from './blocks';

/** Name of the router's selection bias in layer `layer`: a buffer, shape (E); no gradient, not seen by an optimizer. */
export function selectionBiasName(layer: number): string {
  return `layers.${layer}.feedForward.router.selectionBias`;
}

/** True for what is stored but not trained (the selection bias). */
export function isBuffer(name: string): boolean {
  return name.endsWith('.selectionBias');
}

/**
 * True for what hidden states are multiplied with and V3 keeps in eight bits: the projections of attention and feed-forward, not
 * the router, embedding, norms and head.
 */
export function isMultiplied(name: string): boolean {
  return /^layers\..*\.weight$/.test(name) && !/(router|norm)\.weight$/i.test(name);
}

/**
 * Every parameter, weights as (out, in). Embedding, then each layer (attention before feed-forward), then the final
 * norm and, unless tied, the head. Parameters of no elements (shared experts when there are none) are left out.
 */
export function parameters(architecture: Architecture): BlockParameter[] {
  const { vocabulary, width, isTied } = architecture;
  const blocks = layerBlocks(architecture).flatMap(({ attention, feedForward }) => [attention, feedForward]);
  return [
    ...projection('embedding', vocabulary, width),
    ...blocks.flatMap(({ prefix, parameters }) =>
      parameters.map(({ name, shape, within }) => ({
        name: `${prefix}${name}`,
        shape,
        ...(within && { within: { name: `${prefix}${within.name}`, shape: within.shape } }),
      })),
    ),
    { name: 'norm.weight', shape: [width] },
    ...(isTied ? [] : projection('head', vocabulary, width)),
  ];
}

/** Name → shape of every parameter, in that order. */
export function parameterShapes(architecture: Architecture): ReadonlyMap<string, readonly number[]> {
  return new Map(parameters(architecture).map(({ name, shape }) => [name, shape]));
}

/** Trained parameters of the whole model, and those one token passes through (K of the E experts). */
export function countParameters(architecture: Architecture): { total: number; active: number } {
  const { vocabulary, width, isTied } = architecture;
  const counts = new Map<readonly BlockParameter[], number>();
  const count = (parameters: readonly BlockParameter[]) => {
    const known = counts.get(parameters);
    if (known !== undefined) return known;
    const trained = parameters.filter(({ name }) => !isBuffer(name));
    const counted = trained.reduce((sum, { shape }) => sum + numElements(shape), 0);
    counts.set(parameters, counted);
    return counted;
  };
  const blocks = layerBlocks(architecture).flatMap(({ attention, feedForward }) => [attention, feedForward]);
  const around = (isTied ? 1 : 2) * vocabulary * width + width;
  return {
    total: blocks.reduce((sum, { parameters }) => sum + count(parameters), around),
    active: blocks.reduce((sum, { cost }) => sum + cost.active, around),
  };
}
