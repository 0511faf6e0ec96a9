// A model as the files of a Hugging Face folder: what transformers, TRL and vLLM load.
import { floatTensor, readFloats, type StoredTensor } from '../../lib/tensors/storedTensor';
import { bytesOf } from '../../lib/tensors/views';
import { diskTensors, writeConfigJson } from '../../model/configJson';
import type { RawTensor } from '../safetensors/safetensors';
import { writeSafetensors } from '../safetensors/writeSafetensors';
import type { ModelFolder } from './folder';
import { ModelFolderError } from './folderError';
import { DEFAULT_GENERATION, GENERATION_FILE, writeGenerationConfig } from './generationConfig';

export type FolderFiles = ReadonlyMap<string, Uint8Array>;

/**
 * File name → bytes. Weights are F32, in the order of `diskTensors`. Files the folder brought are kept; `extras`
 * (tokenizer_config.json, a model card, …) come on top and win over those, but not over config.json or the weights.
 * Rejects with ModelFolderError when a tensor is missing or mis-shaped, and with what reading one rejects with.
 */
export async function writeFolder(
  folder: ModelFolder,
  extras: Readonly<Record<string, string | Uint8Array>> = {},
  endTokens: readonly number[] = [],
): Promise<FolderFiles> {
  const encoder = new TextEncoder();
  const files = new Map<string, Uint8Array>();
  if (folder.tokenizerJson !== undefined)
    files.set('tokenizer.json', encoder.encode(`${JSON.stringify(folder.tokenizerJson, null, 2)}\n`));
  if (folder.readme !== undefined) files.set('README.md', encoder.encode(folder.readme));
  for (const [name, bytes] of folder.carriedFiles ?? []) files.set(name, bytes);
  const { description, generation = DEFAULT_GENERATION } = folder;
  const { tokenIds } = description;
  const generated = writeGenerationConfig(tokenIds, generation, folder.carriedFiles?.get(GENERATION_FILE), endTokens);
  for (const [name, content] of Object.entries({ [GENERATION_FILE]: generated, ...extras }))
    files.set(name, typeof content === 'string' ? encoder.encode(content) : content);
  files.set('config.json', encoder.encode(writeConfigJson(description)));
  const weights: [string, RawTensor][] = [];
  for (const [name, tensor] of orderedTensors(folder))
    weights.push([name, { dtype: 'F32', shape: tensor.shape, bytes: bytesOf(await readFloats(tensor)) }]);
  files.set('model.safetensors', writeSafetensors(weights));
  return files;
}

function orderedTensors({ description, tensors }: ModelFolder): [string, StoredTensor][] {
  return diskTensors(description).map(({ name, shape, parameter }) => {
    if (parameter === undefined) return [name, floatTensor(shape, new Float32Array(0))];
    const tensor = tensors.get(parameter);
    if (tensor?.shape.join() === shape.join()) return [name, tensor];
    const got = tensor === undefined ? 'missing' : `[${tensor.shape}]`;
    const problem = `The model cannot be saved: tensor ${name} is ${got}, its config needs [${shape}].`;
    throw new ModelFolderError(
      tensor ? 'wrong_shape' : 'missing_tensor',
      name,
      problem,
      'This is a fault of the program; report it.',
    );
  });
}
