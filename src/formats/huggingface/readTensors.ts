// The weights of a folder, checked against its config: every expected tensor there with its shape and finite values,
// nothing unexpected. Reads one file or Hugging Face's shards, expert by expert or fused.
import type { Architecture } from '../../model/architecture';
import { diskTensors } from '../../model/configJson';
import type { ModelDescription } from '../../model/description';
import { numElements } from '../../model/parameterShapes';
import { parseSafetensors, type RawTensor } from '../safetensors/safetensors';
import { floatValues } from '../safetensors/safetensorsValues';
import type { FileSource, FolderNotice, StoredTensor } from './folder';
import { ModelFolderError } from './folderError';
import { readJson } from './readJson';

const SINGLE_FILE = 'model.safetensors';
const INDEX_FILE = 'model.safetensors.index.json';
const MAX_SHARDS = 1000;
const REMEDY = 'Fetch or export the folder again; config.json and the weights must be of the same model.';

interface Located {
  readonly file: string;
  readonly tensor: RawTensor;
}

/**
 * Parameters by name in the order of `diskTensors`. Throws ModelFolderError or SafetensorsError, with its name.
 * @param notice is told where there is a whole file and an index of parts
 */
export async function readTensors(
  source: FileSource,
  description: ModelDescription,
  notice: (notice: FolderNotice) => void = () => {},
): Promise<ReadonlyMap<string, StoredTensor>> {
  const { architecture } = description;
  const found = splitFusedExperts(await readWeightFiles(source, notice), architecture);
  const expected = diskTensors(description);
  const names = new Set(expected.map(({ name }) => name));
  for (const [name, { tensor }] of found) {
    if (!names.has(name) && !isIgnored(name, tensor, architecture)) {
      throw new ModelFolderError(
        'unexpected_tensor',
        name,
        `${source.name}: the tensor ${name} is not part of the model that config.json describes.`,
        REMEDY,
      );
    }
  }
  const tensors = new Map<string, StoredTensor>();
  for (const { parameter, name, shape } of expected) {
    if (parameter === undefined) continue;
    const located = found.get(name);
    if (located === undefined) {
      throw new ModelFolderError(
        'missing_tensor',
        name,
        `${source.name}: the tensor ${name} of shape [${shape}] is missing.`,
        REMEDY,
      );
    }
    tensors.set(parameter, checkedTensor(source, name, shape, located));
  }
  return tensors;
}

function checkedTensor(
  source: FileSource,
  name: string,
  shape: readonly number[],
  { file, tensor }: Located,
): StoredTensor {
  if (tensor.shape.length !== shape.length || tensor.shape.some((dim, axis) => dim !== shape[axis])) {
    throw new ModelFolderError(
      'wrong_shape',
      name,
      `${source.name}: the tensor ${name} has shape [${tensor.shape}], but config.json needs [${shape}].`,
      REMEDY,
    );
  }
  const data = floatValues(tensor, name, file);
  const bad = data.findIndex((value) => !Number.isFinite(value));
  if (bad !== -1) {
    throw new ModelFolderError(
      'not_finite',
      name,
      `${source.name}: the tensor ${name} holds ${data[bad]} at element ${bad}; weights must be finite.`,
      REMEDY,
    );
  }
  return { shape, data };
}

/** Tensors that transformers leaves out of the model too. */
function isIgnored(name: string, tensor: RawTensor, { isTied, layers }: Architecture): boolean {
  if (name === 'lm_head.weight') return isTied;
  if (name.endsWith('.rotary_emb.inv_freq') || numElements(tensor.shape) === 0) return true;
  // Multi-token prediction modules follow the last layer.
  const layer = /^model\.layers\.(\d+)\./.exec(name)?.[1];
  return layer !== undefined && Number(layer) >= layers.length;
}

/** As transformers, takes the whole file where there are both. */
async function readWeightFiles(
  source: FileSource,
  notice: (notice: FolderNotice) => void,
): Promise<Map<string, Located>> {
  const single = await source.read(SINGLE_FILE);
  const index = await readJson(source, INDEX_FILE);
  if (single !== undefined) {
    if (index !== undefined) notice({ kind: 'weightsTwice', taken: SINGLE_FILE, left: INDEX_FILE });
    return locate(SINGLE_FILE, single);
  }
  if (index === undefined) {
    throw new ModelFolderError(
      'missing_file',
      SINGLE_FILE,
      `${source.name}: there is no ${SINGLE_FILE}.`,
      'Choose the folder (or zip) that holds config.json and model.safetensors.',
    );
  }
  const weightMap = readWeightMap(source, index);
  const tensors = new Map<string, Located>();
  for (const file of new Set(weightMap.values())) {
    const bytes = await source.read(file);
    if (bytes === undefined) {
      throw new ModelFolderError(
        'missing_file',
        file,
        `${source.name}: ${INDEX_FILE} names ${file}, which is missing.`,
        'Add the missing file: all parts are needed.',
      );
    }
    for (const [name, located] of locate(file, bytes)) {
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

function locate(file: string, bytes: Uint8Array): Map<string, Located> {
  return new Map([...parseSafetensors(bytes, file).tensors].map(([name, tensor]) => [name, { file, tensor }]));
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
  for (const [name, located] of [...found]) {
    const match = /^(.*\.mlp\.experts\.)(gate_up_proj|down_proj)$/.exec(name);
    if (match === null) continue;
    const [, prefix, kind] = match as unknown as [string, string, string];
    const parts = kind === 'down_proj' ? ['down_proj'] : ['gate_proj', 'up_proj'];
    const shape = kind === 'down_proj' ? [width, hidden] : [hidden, width];
    const fusedShape = kind === 'down_proj' ? [experts, width, hidden] : [experts, 2 * hidden, width];
    if (located.tensor.shape.join() !== fusedShape.join()) continue;
    found.delete(name);
    const pieceBytes = located.tensor.bytes.length / (experts * parts.length);
    for (let piece = 0; piece < experts * parts.length; piece++) {
      const expert = Math.floor(piece / parts.length);
      const bytes = located.tensor.bytes.subarray(piece * pieceBytes, (piece + 1) * pieceBytes);
      const pieceName = `${prefix}${expert}.${parts[piece % parts.length]}.weight`;
      found.set(pieceName, { file: located.file, tensor: { dtype: located.tensor.dtype, shape, bytes } });
    }
  }
  return found;
}
