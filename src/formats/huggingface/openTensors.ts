// Tensors of weight files as they are read: checked by their headers now, and their values, widened where they are quantised,
// when they are asked for.
import { findNotFinite, widen } from '../../lib/tensors/convert';
import { DTYPE_BYTES, type FloatDtype, isFloat } from '../../lib/tensors/dtype';
import { dequantized } from '../../lib/tensors/quantized';
import { type ElementRange, numElements, type StoredTensor } from '../../lib/tensors/storedTensor';
import type { TensorPlace } from '../safetensors/safetensors';
import { notFloats } from '../safetensors/safetensorsValues';
import type { FileSource } from './fileSource';
import { ModelFolderError } from './folderError';
import { hasBlockScales, type QuantizedParts, quantizedParts } from './quantizedTensors';
import { INDEX_FILE } from './weightFiles';

export const WEIGHTS_REMEDY =
  'Fetch or export the folder again; config.json and the weights must be of the same model.';

/** Where a tensor is: in which file, and where there. */
export interface Located extends TensorPlace {
  readonly file: string;
}

/**
 * Those of the found tensors that are needed, by name, and the names of those that stand beside quantised weights. Throws
 * ModelFolderError or SafetensorsError, with the name; so does reading one.
 * @param needed shapes by name.
 */
export function openTensors(
  source: FileSource,
  found: ReadonlyMap<string, Located>,
  needed: ReadonlyMap<string, readonly number[]>,
): { readonly tensors: ReadonlyMap<string, StoredTensor>; readonly beside: ReadonlySet<string> } {
  const tensors = new Map<string, StoredTensor>();
  const beside = new Set<string>();
  const isByBlocks = hasBlockScales(found);
  for (const [name, shape] of needed) {
    const located = found.get(name);
    if (!located) continue;
    const parts = quantizedParts(name, shape, found, isByBlocks);
    tensors.set(name, parts ? openQuantized(source, found, shape, parts) : openFloats(source, name, shape, located));
    for (const part of [parts?.scales, parts?.offsets]) if (part) beside.add(part.name);
  }
  return { tensors, beside };
}

function openQuantized(
  source: FileSource,
  found: ReadonlyMap<string, Located>,
  shape: readonly number[],
  { values, scales, offsets, packedBits, groupSize, groupRows }: QuantizedParts,
): StoredTensor {
  const get = ({ name, shape }: QuantizedParts['scales']): Located => {
    const located = found.get(name);
    if (located) return located;
    const problem = `${source.name}: the tensor ${name} of shape [${shape}] is missing.`;
    throw new ModelFolderError('missing_tensor', name, problem, WEIGHTS_REMEDY);
  };
  const floats = (part: QuantizedParts['scales']) => openFloats(source, part.name, part.shape, get(part));
  checkShape(source, values.name, values.shape, get(values));
  const integers = get(values);
  return dequantized({
    shape,
    packedBits,
    groupSize,
    groupRows,
    values: isFloat(integers.dtype) ? floats(values) : openBytes(source, integers),
    scales: floats(scales),
    offsets: offsets && floats(offsets),
  });
}

/** Values that must be finite. */
function openFloats(source: FileSource, name: string, shape: readonly number[], located: Located): StoredTensor {
  checkShape(source, name, shape, located);
  const { dtype, file } = located;
  if (!isFloat(dtype)) throw notFloats(file, name, dtype);
  const stored = openBytes(source, located);
  const read = async (range?: ElementRange) => {
    const bytes = await stored.read(range);
    checkFinite(source, name, dtype, bytes, range?.start ?? 0);
    return bytes;
  };
  return { dtype, shape, read };
}

function openBytes(source: FileSource, { file, dtype, shape, begin }: Located): StoredTensor {
  const elementBytes = DTYPE_BYTES[dtype];
  const read = async ({ start, end }: ElementRange = { start: 0, end: numElements(shape) }) => {
    const place = { start: begin + start * elementBytes, end: begin + end * elementBytes };
    return (await source.read(file, place)) ?? missingFile(source, file);
  };
  return { dtype, shape, read };
}

function checkShape(source: FileSource, name: string, shape: readonly number[], { shape: found }: Located): void {
  if (found.length === shape.length && found.every((dim, axis) => dim === shape[axis])) return;
  throw new ModelFolderError(
    'wrong_shape',
    name,
    `${source.name}: the tensor ${name} has shape [${found}], but config.json needs [${shape}].`,
    WEIGHTS_REMEDY,
  );
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
    WEIGHTS_REMEDY,
  );
}

export function missingFile(source: FileSource, file: string): never {
  throw new ModelFolderError(
    'missing_file',
    file,
    `${source.name}: ${INDEX_FILE} names ${file}, which is missing.`,
    'Add the missing file: all parts are needed.',
  );
}
