// A model as the files of a Hugging Face folder: what transformers, TRL and vLLM load.
import { floatTensor, type StoredTensor } from '../../lib/tensors/storedTensor';
import { diskTensors, writeConfigJson } from '../../model/configJson';
import type { ModelFolder } from './folder';
import { ModelFolderError } from './folderError';
import { DEFAULT_GENERATION, GENERATION_FILE, writeGenerationConfig } from './generationConfig';
import { collectFile, type StreamedFile, type WeightFileOptions, weightFiles } from './weightFiles';

export type FolderFiles = ReadonlyMap<string, Uint8Array>;

/** As FolderFiles, of which the weights are made when they are written. */
export type StreamedFiles = ReadonlyMap<string, Uint8Array | StreamedFile>;

type Extras = Readonly<Record<string, string | Uint8Array>>;

/**
 * File name → bytes. Weights are F32 if not told otherwise, in the order of `diskTensors`. Files the folder brought are
 * kept; `extras` (tokenizer_config.json, a model card, …) come on top and win over those, but not over config.json or the
 * weights. Rejects with ModelFolderError when a tensor is missing or mis-shaped, and with what reading one rejects with.
 */
export async function writeFolder(
  folder: ModelFolder,
  extras: Extras = {},
  endTokens: readonly number[] = [],
  options: WeightFileOptions = {},
): Promise<FolderFiles> {
  const files = new Map<string, Uint8Array>();
  for (const [name, file] of streamFolder(folder, extras, endTokens, options)) files.set(name, await collectFile(file));
  return files;
}

/** As writeFolder, for a model that need not be in memory whole: reading a tensor may reject while a file is written. */
export function streamFolder(
  folder: ModelFolder,
  extras: Extras = {},
  endTokens: readonly number[] = [],
  options: WeightFileOptions = {},
): StreamedFiles {
  const encoder = new TextEncoder();
  const files = new Map<string, Uint8Array | StreamedFile>();
  if (folder.tokenizerJson !== undefined)
    files.set('tokenizer.json', encoder.encode(`${JSON.stringify(folder.tokenizerJson, null, 2)}\n`));
  if (folder.readme !== undefined) files.set('README.md', encoder.encode(folder.readme));
  for (const [name, bytes] of folder.carriedFiles ?? []) files.set(name, bytes);
  const { description, generation = DEFAULT_GENERATION } = folder;
  const { tokenIds } = description;
  const generated = writeGenerationConfig(tokenIds, generation, folder.carriedFiles?.get(GENERATION_FILE), endTokens);
  for (const [name, content] of Object.entries({ [GENERATION_FILE]: generated, ...extras }))
    files.set(name, typeof content === 'string' ? encoder.encode(content) : content);
  files.set('config.json', encoder.encode(writeConfigJson(description, options.dtype)));
  for (const [name, file] of weightFiles(orderedTensors(folder), options)) files.set(name, file);
  return files;
}

function orderedTensors({ description, tensors }: ModelFolder): [string, StoredTensor][] {
  return diskTensors(description).map(({ name, shape, parameter, copyOf }) => {
    const source = parameter ?? copyOf;
    if (source === undefined) return [name, floatTensor(shape, new Float32Array(0))];
    const tensor = tensors.get(source);
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
