// Names of tensors on disk, as most families of transformers have them; a family adds its own.
import { numElements } from '../../../lib/tensors/storedTensor';
import { type Architecture, allLayers } from '../../architecture';
import type { DiskTensor } from '../../description';
import { parameters } from '../../parameterShapes';

/** What a part of a parameter's name becomes, one after the other. */
export type NameRules = readonly (readonly [ours: RegExp, theirs: string])[];

/** transformers' decoders, after LLaMA's. */
export const DECODER_NAMES: NameRules = [
  [/^embedding\./, 'model.embed_tokens.'],
  [/^head\./, 'lm_head.'],
  [/^norm\./, 'model.norm.'],
  [/^layers\./, 'model.layers.'],
  [/\.attention\.norm\./, '.input_layernorm.'],
  [/\.feedForward\.norm\./, '.post_attention_layernorm.'],
  [/\.attention\./, '.self_attn.'],
  [/\.feedForward\./, '.mlp.'],
  [/\.query\./, '.q_proj.'],
  [/\.key\./, '.k_proj.'],
  [/\.value\./, '.v_proj.'],
  [/\.queryNorm\./, '.q_norm.'],
  [/\.keyNorm\./, '.k_norm.'],
  [/\.output\./, '.o_proj.'],
  // Of an expert, or of a layer; and a layer's experts as one tensor, gate rows first.
  [/\.(gate|up|down)\.weight$/, '.$1_proj.weight'],
  [/\.experts\.gateUp\.weight$/, '.experts.gate_up_proj'],
  [/\.experts\.down_proj\.weight$/, '.experts.down_proj'],
  [/\.router\.weight$/, '.gate.weight'],
];

/**
 * Every parameter of an architecture under its name on disk, in the order of `parameterShapes`. Experts are a tensor each, as
 * transformers 4 writes them; the one of all experts of a layer, which transformers 5 has in memory, is read as well.
 */
export function namedTensors(
  architecture: Architecture,
  rules: NameRules,
): (DiskTensor & { readonly parameter: string })[] {
  const onDisk = (name: string) => rules.reduce((changed, [ours, theirs]) => changed.replace(ours, theirs), name);
  const filled = new Map<string, number>();
  return parameters(architecture).map(({ name: parameter, shape, within }) => {
    const tensor = { name: onDisk(parameter), shape, parameter };
    if (!within || !parameter.includes('.experts.')) return tensor;
    const start = filled.get(within.name) ?? 0;
    filled.set(within.name, start + numElements(shape));
    return { ...tensor, within: { name: onDisk(within.name), shape: within.shape, start } };
  });
}

/** What checkpoints of transformers' decoders may hold that is no part of the model: transformers leaves it out too. */
export function isLeftOut(name: string, architecture: Architecture): boolean {
  if (name === 'lm_head.weight') return architecture.isTied || architecture.isGrader === true;
  if (name.endsWith('.rotary_emb.inv_freq')) return true;
  // Modules for further tokens that the model does not have follow the last layer.
  const layer = /^model\.layers\.(\d+)\./.exec(name)?.[1];
  return layer !== undefined && Number(layer) >= allLayers(architecture).length;
}
