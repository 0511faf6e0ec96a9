// Names of tensors on disk, as most families have them; a family adds its own.
import type { Architecture } from './architecture';
import type { DiskTensor } from './description';
import { parameterShapes } from './parameterShapes';

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
  [/\.(gate|up|down)\.weight$/, '.$1_proj.weight'],
];

/** Every parameter of an architecture under its name on disk, in the order of `parameterShapes`. */
export function namedTensors(
  architecture: Architecture,
  rules: NameRules,
): (DiskTensor & { readonly parameter: string })[] {
  return [...parameterShapes(architecture)].map(([parameter, shape]) => ({
    name: rules.reduce((name, [ours, theirs]) => name.replace(ours, theirs), parameter),
    shape,
    parameter,
  }));
}
