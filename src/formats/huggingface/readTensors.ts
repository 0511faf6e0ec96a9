// The weights of a folder, checked against its config: every expected tensor there with its shape, nothing unexpected. Reads the
// headers of one file or of Hugging Face's shards, expert by expert or fused; values are read, and checked to be finite, when
// they are asked for.
import { findNotFinite, widen } from '../../lib/tensors/convert';
import { DTYPE_BYTES, type FloatDtype, isFloat } from '../../lib/tensors/dtype';
import { type ElementRange, numElements, type StoredTensor } from '../../lib/tensors/storedTensor';
import type { Architecture } from '../../model/architecture';
import { diskTensors } from '../../model/configJson';
import type { ModelDescription } from '../../model/description';
import { readSafetensorsHeader, type TensorPlace } from '../safetensors/safetensors';
import { notFloats } from '../safetensors/safetensorsValues';
import { type FileSource, inPieces } from './fileSource';
import type { FolderNotice } from './folder';
import { ModelFolderError } from './folderError';
import { readJson } from './readJson';
import { INDEX_FILE, WEIGHTS_FILE } from './weightFiles';

const MAX_SHARDS = 1000;
const REMEDY = 'Fetch or export the folder again; config.json and the weights must be of the same model.';

/** Where a tensor is: in which file, and where there. */
interface Located extends TensorPlace {
  readonly file: string;
}

/**
 * Parameters by name in the order in which they are stored. Throws ModelFolderError or SafetensorsError, with its name;
 * so does reading a tensor.
 * @param notice is told where there is a whole file and an index of parts
 */
export async function readTensors(
  source: FileSource,
  description: ModelDescription,
  notice: (notice: FolderNotice) => void = () => {},
): Promise<ReadonlyMap<string, StoredTensor>> {
  const pieces = inPieces(source);
  const { architecture } = description;
  const found = splitFusedExperts(await readWeightFiles(pieces, notice), architecture);
  const expected = new Map(diskTensors(description).map((tensor) => [tensor.name, tensor]));
  const tensors = new Map<string, StoredTensor>();
  for (const [name, located] of found) {
    const { parameter, shape } = expected.get(name) ?? {};
    if (parameter !== undefined && shape) tensors.set(parameter, storedTensor(pieces, name, shape, located));
    else if (!expected.has(name) && !isIgnored(name, located, architecture)) {
      throw new ModelFolderError(
        'unexpected_tensor',
        name,
        `${source.name}: the tensor ${name} is not part of the model that config.json describes.`,
        REMEDY,
      );
    }
  }
  for (const { parameter, name, shape } of expected.values()) {
    if (parameter !== undefined && !found.has(name)) {
      throw new ModelFolderError(
        'missing_tensor',
        name,
        `${source.name}: the tensor ${name} of shape [${shape}] is missing.`,
        REMEDY,
      );
    }
  }
  return tensors;
}

function storedTensor(source: FileSource, name: string, shape: readonly number[], located: Located): StoredTensor {
  const { file, dtype, begin } = located;
  if (located.shape.length !== shape.length || located.shape.some((dim, axis) => dim !== shape[axis])) {
    throw new ModelFolderError(
      'wrong_shape',
      name,
      `${source.name}: the tensor ${name} has shape [${located.shape}], but config.json needs [${shape}].`,
      REMEDY,
    );
  }
  if (!isFloat(dtype)) throw notFloats(file, name, dtype);
  const elementBytes = DTYPE_BYTES[dtype];
  const read = async (range: ElementRange = { start: 0, end: numElements(shape) }) => {
    const place = { start: begin + range.start * elementBytes, end: begin + range.end * elementBytes };
    const bytes = (await source.read(file, place)) ?? missingFile(source, file);
    checkFinite(source, name, dtype, bytes, range.start);
    return bytes;
  };
  return { dtype, shape, read };
}

/** @param start element of the tensor that the bytes begin with */
function checkFinite(source: FileSource, name: string, dtype: FloatDtype, bytes: Uint8Array, start: number): void {
  const bad = findNotFinite(dtype, bytes);
  if (bad === -1) return;
  const width = DTYPE_BYTES[dtype];
  const [value] = widen(dtype, bytes.slice(bad * width, (bad + 1) * width));
  throw new ModelFolderError(
    'not_finite',
    name,
    `${source.name}: the tensor ${name} holds ${value} at element ${start + bad}; weights must be finite.`,
    REMEDY,
  );
}

function missingFile(source: FileSource, file: string): never {
  throw new ModelFolderError(
    'missing_file',
    file,
    `${source.name}: ${INDEX_FILE} names ${file}, which is missing.`,
    'Add the missing file: all parts are needed.',
  );
}

/** Tensors that transformers leaves out of the model too. */
function isIgnored(name: string, { shape }: Located, { isTied, layers }: Architecture): boolean {
  if (name === 'lm_head.weight') return isTied;
  if (name.endsWith('.rotary_emb.inv_freq') || numElements(shape) === 0) return true;
  // Multi-token prediction modules follow the last layer.
  const layer = /^model\.layers\.(\d+)\./.exec(name)?.[1];
  return layer !== undefined && Number(layer) >= layers.length;
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
          REMEDY,
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
        REMEDY,
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
    throw new ModelFolderError('bad_index', INDEX_FILE, `${source.name}: ${INDEX_FILE} ${problem}.`, REMEDY);
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

/**
 * transformers may store a layer's experts as two tensors: gate_up_proj (E, 2·Im, C), gate rows first, and down_proj
 * (E, C, Im). They are cut into the per-expert tensors; a fused tensor of another shape is left for the check to name.
 */
function splitFusedExperts(found: Map<string, Located>, { layers, width }: Architecture): ReadonlyMap<string, Located> {
  const { numExperts: experts, hidden } = layers.map((of) => of.feedForward).find((of) => of.kind === 'experts') ?? {
    numExperts: 0,
    hidden: 0,
  };
  const split = new Map<string, Located>();
  for (const [name, located] of found) {
    const [, prefix, kind] = /^(.*\.mlp\.experts\.)(gate_up_proj|down_proj)$/.exec(name) ?? [];
    const parts = kind === 'down_proj' ? ['down_proj'] : ['gate_proj', 'up_proj'];
    const shape = kind === 'down_proj' ? [width, hidden] : [hidden, width];
    const fusedShape = kind === 'down_proj' ? [experts, width, hidden] : [experts, 2 * hidden, width];
    if (kind === undefined || located.shape.join() !== fusedShape.join()) {
      split.set(name, located);
      continue;
    }
    const pieceBytes = (located.end - located.begin) / (experts * parts.length);
    for (let piece = 0; piece < experts * parts.length; piece++) {
      const expert = Math.floor(piece / parts.length);
      const begin = located.begin + piece * pieceBytes;
      const pieceName = `${prefix}${expert}.${parts[piece % parts.length]}.weight`;
      split.set(pieceName, { ...located, shape, begin, end: begin + pieceBytes });
    }
  }
  return split;
}
