// The parameters of an architecture: every name with its shape, layer by layer in a fixed order. The one truth for what a folder
// must hold, in which order the parameters lie in memory, and what a gradient is called. What they are called on disk, a
// family says (description.ts).
import { numElements } from '../lib/tensors/storedTensor';
import type { Architecture } from './architecture';
import { type BlockParameter, normParameter, projection } from './block';
import { type LayerBlocks, layerBlocks, mtpBlocks } from './blocks';

/** Name of the router's selection bias in layer `layer`: a buffer, shape (E); no gradient, not seen by an optimizer. */
export function selectionBiasName(layer: number): string {
  return `layers.${layer}.feedForward.router.selectionBias`;
}

/** The parameter (V, D) that makes logits of hidden states. */
export function headName({ isTied, isGrader }: Architecture): string {
  if (isGrader) return 'score.weight';
  return isTied ? 'embedding.weight' : 'head.weight';
}

/** True for what is stored but not trained (the selection bias). */
export function isBuffer(name: string): boolean {
  return name.endsWith('.selectionBias');
}

/** What the names of the parameters of a model's module for further tokens start with, its layer's beside them. */
export function mtpPrefix({ layers }: Pick<Architecture, 'layers'>): string {
  return `layers.${layers.length}.`;
}

/** Whether the parameter of this name is the module's, which predicts the token after the next. */
export function isOfMtp(name: string, architecture: Pick<Architecture, 'layers'>): boolean {
  return name.startsWith(mtpPrefix(architecture));
}

/**
 * True for what hidden states are multiplied with and V3 keeps in eight bits: the projections of attention and feed-forward, not
 * the router, embedding, norms and head, nor what joins the inputs of a module for further tokens.
 */
export function isMultiplied(name: string): boolean {
  return /^layers\..*\.weight$/.test(name) && !/(router|norm|mtp\.join)\.weight$/i.test(name);
}

/**
 * What the module has beside its layer. The norms of the next token's embedding and of the hidden state; the projection of
 * both side by side, the embedding first, as the released weights have it; the norm before the head, which is the model's own.
 */
function mtpParameters(architecture: Architecture): BlockParameter[] {
  const prefix = `${mtpPrefix(architecture)}mtp.`;
  const { width } = architecture;
  return [
    normParameter(`${prefix}embeddingNorm`, width),
    normParameter(`${prefix}hiddenNorm`, width),
    ...projection(`${prefix}join`, width, 2 * width),
    normParameter(`${prefix}norm`, width),
  ];
}

function blockParameters({ attention, feedForward }: LayerBlocks): BlockParameter[] {
  return [attention, feedForward].flatMap(({ prefix, parameters }) =>
    parameters.map(({ name, shape, within }) => ({
      name: `${prefix}${name}`,
      shape,
      ...(within && { within: { name: `${prefix}${within.name}`, shape: within.shape } }),
    })),
  );
}

/**
 * Every parameter, weights as (out, in). Embedding, then each layer (attention before feed-forward), then the final norm and,
 * unless tied, the head (of a grader `score`); last the module for further tokens, where there is one. Parameters of no elements
 * (shared experts when there are none) are left out.
 */
export function parameters(architecture: Architecture): BlockParameter[] {
  const { vocabulary, width } = architecture;
  const module = mtpBlocks(architecture);
  return [
    ...projection('embedding', vocabulary, width),
    ...layerBlocks(architecture).flatMap(blockParameters),
    { name: 'norm.weight', shape: [width] },
    ...headParameters(architecture),
    ...(module ? [...mtpParameters(architecture), ...blockParameters(module)] : []),
  ];
}

function headParameters({ vocabulary, width, isTied, isGrader }: Architecture): BlockParameter[] {
  if (isGrader) return projection('score', 1, width);
  return isTied ? [] : projection('head', vocabulary, width);
}

/** Name → shape of every parameter, in that order. */
export function parameterShapes(architecture: Architecture): ReadonlyMap<string, readonly number[]> {
  return new Map(parameters(architecture).map(({ name, shape }) => [name, shape]));
}

/**
 * Trained parameters of the whole model, and those one token passes through (K of the E experts); without its module for
 * further tokens.
 */
export function countParameters(architecture: Architecture): { total: number; active: number } {
  const { vocabulary, width } = architecture;
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
  const around = vocabulary * width + width + count(headParameters(architecture));
  return {
    total: blocks.reduce((sum, { parameters }) => sum + count(parameters), around),
    active: blocks.reduce((sum, { cost }) => sum + cost.active, around),
  };
}
