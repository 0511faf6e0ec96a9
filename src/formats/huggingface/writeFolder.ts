// A model as the files of a Hugging Face folder: what transformers, TRL and vLLM load.
import { widen } from '../../lib/tensors/convert';
import { isWidened } from '../../lib/tensors/dtype';
import { fp8Parts } from '../../lib/tensors/fp8';
import { floatTensor, type StoredTensor } from '../../lib/tensors/storedTensor';
import { bytesOf } from '../../lib/tensors/views';
import { diskTensors, isWrittenInFp8, type WeightForm, writeConfigJson } from '../../model/configJson';
import type { DiskTensor } from '../../model/description';
import { isBuffer } from '../../model/parameterShapes';
import type { ModelFolder } from './folder';
import { ModelFolderError } from './folderError';
import { DEFAULT_GENERATION, GENERATION_FILE, writeGenerationConfig } from './generationConfig';
import { collectFile, type StreamedFile, type WeightFileOptions, type Written, weightFiles } from './weightFiles';

export type FolderFiles = ReadonlyMap<string, Uint8Array>;

/** As FolderFiles, of which the weights are made when they are written. */
export type StreamedFiles = ReadonlyMap<string, Uint8Array | StreamedFile>;

type Extras = Readonly<Record<string, string | Uint8Array>>;

export interface FolderOptions extends WeightFileOptions {
  /** How the weights are written. F32 if not given. */
  readonly dtype?: WeightForm | undefined;
}

/**
 * File name → bytes. Weights are F32 if not told otherwise, in the order of `diskTensors`. Files the folder brought are
 * kept; `extras` (tokenizer_config.json, a model card, …) come on top and win over those, but not over config.json or the
 * weights. Rejects with ModelFolderError when a tensor is missing or mis-shaped, and with what reading one rejects with.
 */
export async function writeFolder(
  folder: ModelFolder,
  extras: Extras = {},
  endTokens: readonly number[] = [],
  options: FolderOptions = {},
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
  options: FolderOptions = {},
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
  for (const [name, file] of weightFiles(writtenTensors(folder, options.dtype), options)) files.set(name, file);
  return files;
}

/** In the order of the disk; of a matrix in FP8 its scales, too. */
function writtenTensors(folder: ModelFolder, form: WeightForm = 'F32'): Written[] {
  return diskTensors(folder.description).flatMap((onDisk): Written[] => {
    const { name, shape } = onDisk;
    const tensor = tensorOf(folder, onDisk);
    if (form !== 'fp8') return [[name, tensor, form]];
    const [rows, columns] = shape;
    if (!isWrittenInFp8(onDisk) || rows === undefined || columns === undefined)
      return [[name, tensor, onDisk.parameter !== undefined && isBuffer(onDisk.parameter) ? 'F32' : 'BF16']];
    const { values, scales } = fp8Parts(floats(tensor), [rows, columns]);
    return [
      [name, values, 'F8_E4M3'],
      [`${name}_scale_inv`, scales, 'F32'],
    ];
  });
}

/** A stored tensor's values as float32. */
function floats(tensor: StoredTensor): StoredTensor {
  if (tensor.dtype === 'F32') return tensor;
  const { dtype, shape, read } = tensor;
  if (!isWidened(dtype)) throw new TypeError(`values of type ${dtype} are not read as float32`);
  return { dtype: 'F32', shape, read: async (range) => bytesOf(widen(dtype, await read(range))) };
}

function tensorOf({ tensors }: ModelFolder, { name, shape, parameter, copyOf }: DiskTensor): StoredTensor {
  const source = parameter ?? copyOf;
  if (source === undefined) return floatTensor(shape, new Float32Array(0));
  const tensor = tensors.get(source);
  if (tensor?.shape.join() === shape.join()) return tensor;
  const got = tensor === undefined ? 'missing' : `[${tensor.shape}]`;
  const problem = `The model cannot be saved: tensor ${name} is ${got}, its config needs [${shape}].`;
  throw new ModelFolderError(
    tensor ? 'wrong_shape' : 'missing_tensor',
    name,
    problem,
    'This is a fault of the program; report it.',
  );
}
