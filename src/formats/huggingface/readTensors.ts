// The weights of a folder, checked against its config: every expected tensor there with its shape, nothing unexpected. Reads the
// headers of one file or of Hugging Face's shards, expert by expert or fused; values are read, and checked to be finite, when
// they are asked for.
import { numElements, type StoredTensor, sliceOf } from '../../lib/tensors/storedTensor';
import { asStored, diskTensors, isLeftOut } from '../../model/configJson';
import type { ModelDescription } from '../../model/description';
import { readSafetensorsHeader } from '../safetensors/safetensors';
import { type FileSource, inPieces } from './fileSource';
import type { FolderNotice } from './folder';
import { ModelFolderError } from './folderError';
import { type Located, missingFile, openTensors, WEIGHTS_REMEDY } from './openTensors';
import { readJson } from './readJson';
import { INDEX_FILE, WEIGHTS_FILE } from './weightFiles';

const MAX_SHARDS = 1000;

export interface StoredModel {
  /** As the weights have it. */
  readonly description: ModelDescription;
  /** Parameters by name in the order in which they are stored. */
  readonly tensors: ReadonlyMap<string, StoredTensor>;
}

/**
 * The weights of the model that a config.json tells of. Throws ModelFolderError or SafetensorsError, with its name;
 * so does reading a tensor.
 * @param notice is told where there is a whole file and an index of parts
 */
export async function readTensors(
  source: FileSource,
  configured: ModelDescription,
  notice: (notice: FolderNotice) => void = () => {},
): Promise<StoredModel> {
  const pieces = inPieces(source);
  const found = await readWeightFiles(pieces, notice);
  const description = asStored(configured, found.keys());
  const expected = expectedTensors(description);
  const stored = openTensors(pieces, found, new Map([...expected].map(([name, [part]]) => [name, part.wholeShape])));
  const tensors = new Map<string, StoredTensor>();
  for (const [name, { shape }] of found) {
    const [tensor, parts] = [stored.tensors.get(name), expected.get(name)];
    if (tensor && parts) for (const part of parts) addPart(tensors, source, name, part, tensor);
    else if (!stored.beside.has(name) && !isLeftOut(name, description) && numElements(shape) > 0) {
      throw new ModelFolderError(
        'unexpected_tensor',
        name,
        `${source.name}: the tensor ${name} is not part of the model that config.json describes.`,
        WEIGHTS_REMEDY,
      );
    }
  }
  for (const { parameter, name, shape } of diskTensors(description)) {
    if (parameter !== undefined && !tensors.has(parameter)) {
      throw new ModelFolderError(
        'missing_tensor',
        name,
        `${source.name}: the tensor ${name} of shape [${shape}] is missing.`,
        WEIGHTS_REMEDY,
      );
    }
  }
  return { description, tensors };
}

/** What a stored tensor holds: all of it one parameter, or a part. */
interface Part {
  readonly parameter: string | undefined;
  readonly shape: readonly number[];
  /** Of the stored tensor. */
  readonly wholeShape: readonly number[];
  readonly start: number;
}

/** Parts by the name of the tensor on disk that may hold them. */
function expectedTensors(description: ModelDescription): Map<string, [Part, ...Part[]]> {
  const expected = new Map<string, [Part, ...Part[]]>();
  const add = (name: string, part: Part) => {
    const others = expected.get(name);
    if (others) others.push(part);
    else expected.set(name, [part]);
  };
  for (const { name, parameter, shape, within } of diskTensors(description)) {
    add(name, { parameter, shape, wholeShape: shape, start: 0 });
    if (within) add(within.name, { parameter, shape, wholeShape: within.shape, start: within.start });
  }
  return expected;
}

function addPart(
  tensors: Map<string, StoredTensor>,
  source: FileSource,
  name: string,
  { parameter, shape, start }: Part,
  tensor: StoredTensor,
): void {
  if (parameter === undefined) return;
  if (tensors.has(parameter)) {
    throw new ModelFolderError(
      'unexpected_tensor',
      name,
      `${source.name}: what the tensor ${name} holds is in another tensor as well.`,
      WEIGHTS_REMEDY,
    );
  }
  tensors.set(parameter, sliceOf(tensor, shape, start));
}

/** As transformers, takes the whole file where there are both. */
async function readWeightFiles(
  source: FileSource,
  notice: (notice: FolderNotice) => void,
): Promise<Map<string, Located>> {
  const size = await source.size(WEIGHTS_FILE);
  const index = await readJson(source, INDEX_FILE);
  if (size !== undefined) {
    if (index !== undefined) notice({ kind: 'weightsTwice', taken: WEIGHTS_FILE, left: INDEX_FILE });
    return locate(source, WEIGHTS_FILE, size);
  }
  if (index === undefined) {
    throw new ModelFolderError(
      'missing_file',
      WEIGHTS_FILE,
      `${source.name}: there is no ${WEIGHTS_FILE}.`,
      'Choose the folder (or zip) that holds config.json and model.safetensors.',
    );
  }
  const weightMap = readWeightMap(source, index);
  const tensors = new Map<string, Located>();
  for (const file of new Set(weightMap.values())) {
    const shardBytes = (await source.size(file)) ?? missingFile(source, file);
    for (const [name, located] of await locate(source, file, shardBytes)) {
      const other = tensors.get(name);
      if (other !== undefined) {
        throw new ModelFolderError(
          'bad_index',
          name,
          `${source.name}: the tensor ${name} is in ${other.file} and again in ${file}.`,
          WEIGHTS_REMEDY,
        );
      }
      tensors.set(name, located);
    }
  }
  for (const [name, file] of weightMap) {
    if (tensors.get(name)?.file !== file) {
      throw new ModelFolderError(
        'missing_tensor',
        name,
        `${source.name}: ${INDEX_FILE} says that ${file} holds the tensor ${name}, but it does not.`,
        WEIGHTS_REMEDY,
      );
    }
  }
  return tensors;
}

async function locate(source: FileSource, name: string, size: number): Promise<Map<string, Located>> {
  const read = async (start: number, end: number) =>
    (await source.read(name, { start, end })) ?? missingFile(source, name);
  const { places } = await readSafetensorsHeader({ name, size, read });
  return new Map([...places].map(([tensor, place]) => [tensor, { file: name, ...place }]));
}

function readWeightMap(source: FileSource, index: unknown): Map<string, string> {
  const weightMap = typeof index === 'object' && index !== null && 'weight_map' in index ? index.weight_map : undefined;
  const fail = (problem: string): never => {
    throw new ModelFolderError('bad_index', INDEX_FILE, `${source.name}: ${INDEX_FILE} ${problem}.`, WEIGHTS_REMEDY);
  };
  if (typeof weightMap !== 'object' || weightMap === null) return fail('has no weight_map');
  const entries = new Map<string, string>();
  for (const [name, file] of Object.entries(weightMap)) {
    // A plain name only: a path could lead out of the folder.
    if (typeof file !== 'string' || !/^[\w-][\w.-]*\.safetensors$/.test(file))
      return fail(`names a file that is not allowed for ${name}`);
    entries.set(name, file);
  }
  if (new Set(entries.values()).size > MAX_SHARDS) fail(`names more than ${MAX_SHARDS} files`);
  return entries;
}
