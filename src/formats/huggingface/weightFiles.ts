// Weights as the files that Hugging Face has for them: one, or shards and an index of them, each made piece by piece.
import { narrow } from '../../lib/tensors/convert';
import type { FloatDtype } from '../../lib/tensors/dtype';
import { numElements, pieceRanges, pieces, type StoredTensor, storedBytes } from '../../lib/tensors/storedTensor';
import { writeSafetensorsHeader } from '../safetensors/writeSafetensors';

/** A file whose bytes are made when they are asked for. */
export interface StreamedFile {
  readonly size: number;
  /** All of its bytes, in parts that whoever gets one is done with before the next. */
  parts(): AsyncIterable<Uint8Array>;
}

export interface WeightFileOptions {
  /** Bytes of tensors that a shard may have; a larger tensor has one of its own. All are in one file if not given. */
  readonly maxShardBytes?: number | undefined;
}

export const WEIGHTS_FILE = 'model.safetensors';
export const INDEX_FILE = 'model.safetensors.index.json';

/** A tensor, and the type that it is written in. */
export type Written = readonly [name: string, tensor: StoredTensor, dtype: FloatDtype];

/**
 * The files of the tensors, in their order: `model.safetensors`, or `model-00001-of-00002.safetensors` and so on, and
 * the index.
 */
export function weightFiles(
  tensors: readonly Written[],
  { maxShardBytes = Number.POSITIVE_INFINITY }: WeightFileOptions = {},
): Map<string, StreamedFile | Uint8Array> {
  const shards: Written[][] = [[]];
  let shardBytes = 0;
  let totalBytes = 0;
  for (const written of tensors) {
    const bytes = storedBytes({ dtype: written[2], shape: written[1].shape });
    if (shardBytes > 0 && shardBytes + bytes > maxShardBytes) {
      shards.push([]);
      shardBytes = 0;
    }
    shards.at(-1)?.push(written);
    shardBytes += bytes;
    totalBytes += bytes;
  }
  if (shards.length === 1) return new Map([[WEIGHTS_FILE, weightFile(tensors)]]);
  const number = (value: number) => String(value).padStart(5, '0');
  const nameOf = (i: number) => `model-${number(i + 1)}-of-${number(shards.length)}.safetensors`;
  const weightMap = shards.flatMap((shard, i) => shard.map(([name]) => [name, nameOf(i)] as const));
  const index = { metadata: { total_size: totalBytes }, weight_map: Object.fromEntries(weightMap) };
  return new Map<string, StreamedFile | Uint8Array>([
    ...shards.map((shard, i) => [nameOf(i), weightFile(shard)] as const),
    [INDEX_FILE, new TextEncoder().encode(`${JSON.stringify(index, null, 2)}\n`)],
  ]);
}

function weightFile(tensors: readonly Written[]): StreamedFile {
  const described = tensors.map(([name, { shape }, dtype]) => [name, { dtype, shape }] as const);
  const header = writeSafetensorsHeader(described);
  async function* parts() {
    yield header;
    for (const [, tensor, dtype] of tensors) {
      if (tensor.dtype === dtype) for (const range of pieceRanges(numElements(tensor.shape))) yield tensor.read(range);
      else for await (const { values } of pieces(tensor)) yield narrow(dtype, values);
    }
  }
  return { size: header.length + described.reduce((sum, [, tensor]) => sum + storedBytes(tensor), 0), parts };
}

/** All bytes of a file. */
export async function collectFile(file: StreamedFile | Uint8Array): Promise<Uint8Array> {
  if (file instanceof Uint8Array) return file;
  const bytes = new Uint8Array(file.size);
  let at = 0;
  for await (const part of file.parts()) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}
