// A model as the files of a Hugging Face folder: what transformers, TRL and vLLM load.
import type { ModelConfig } from '../../model/config';
import { writeConfigJson } from '../../model/configJson';
import { expectedTensors, isBuffer } from '../../model/tensorNames';
import { writeSafetensors } from '../safetensors/safetensors';
import { storeFloats } from '../safetensors/safetensorsValues';
import type { ModelFolder, StoredTensor } from './folder';
import { ModelFolderError } from './folderError';
import { DEFAULT_GENERATION, GENERATION_FILE, writeGenerationConfig } from './generationConfig';

export type FolderFiles = ReadonlyMap<string, Uint8Array>;

/**
 * File name → bytes. Weights are F32, in the order of `expectedTensors`. Files the folder brought are kept; `extras`
 * (tokenizer_config.json, a model card, …) come on top and win over those, but not over config.json or the weights.
 * Throws ModelFolderError when a tensor is missing or mis-shaped.
 */
export function writeFolder(
  folder: ModelFolder,
  extras: Readonly<Record<string, string | Uint8Array>> = {},
  endTokens: readonly number[] = [],
): FolderFiles {
  const encoder = new TextEncoder();
  const files = new Map<string, Uint8Array>();
  if (folder.tokenizerJson !== undefined)
    files.set('tokenizer.json', encoder.encode(`${JSON.stringify(folder.tokenizerJson, null, 2)}\n`));
  if (folder.readme !== undefined) files.set('README.md', encoder.encode(folder.readme));
  for (const [name, bytes] of folder.carriedFiles ?? []) files.set(name, bytes);
  const { config, generation = DEFAULT_GENERATION } = folder;
  const generated = writeGenerationConfig(config, generation, folder.carriedFiles?.get(GENERATION_FILE), endTokens);
  for (const [name, content] of Object.entries({ [GENERATION_FILE]: generated, ...extras }))
    files.set(name, typeof content === 'string' ? encoder.encode(content) : content);
  files.set('config.json', encoder.encode(writeConfigJson(folder.config)));
  files.set(
    'model.safetensors',
    writeSafetensors(orderedTensors(folder).map(([name, tensor]) => [name, storeFloats(tensor)])),
  );
  return files;
}

function orderedTensors(folder: ModelFolder): [string, StoredTensor][] {
  const ordered: [string, StoredTensor][] = [];
  for (const [name, shape] of expectedTensors(folder.config)) {
    const tensor = folder.tensors.get(name);
    if (tensor === undefined || tensor.shape.join() !== shape.join()) {
      const got = tensor === undefined ? 'missing' : `[${tensor.shape}]`;
      const problem = `The model cannot be saved: tensor ${name} is ${got}, its config needs [${shape}].`;
      throw new ModelFolderError(
        tensor ? 'wrong_shape' : 'missing_tensor',
        name,
        problem,
        'This is a fault of the program; report it.',
      );
    }
    ordered.push([name, tensor]);
    // transformers always has shared experts: where there are none, their tensors are there with no elements.
    if (isBuffer(name) && folder.config.n_shared_experts === 0)
      ordered.push(...emptySharedExperts(name, folder.config));
  }
  return ordered;
}

function emptySharedExperts(biasName: string, { hidden_size: width }: ModelConfig): [string, StoredTensor][] {
  const prefix = biasName.replace(/gate\.e_score_correction_bias$/, 'shared_experts.');
  const data = new Float32Array(0);
  return [
    [`${prefix}gate_proj.weight`, { shape: [0, width], data }],
    [`${prefix}up_proj.weight`, { shape: [0, width], data }],
    [`${prefix}down_proj.weight`, { shape: [width, 0], data }],
  ];
}
