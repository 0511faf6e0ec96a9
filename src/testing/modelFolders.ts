// Small model folders for tests: whole, in shards, or damaged.

import { type FileSource, mapSource } from '../formats/huggingface/fileSource';
import type { ModelFolder } from '../formats/huggingface/folder';
import { readFolder } from '../formats/huggingface/readFolder';
import { writeFolder } from '../formats/huggingface/writeFolder';
import { parseSafetensors, type RawTensor } from '../formats/safetensors/safetensors';
import { writeSafetensors } from '../formats/safetensors/writeSafetensors';
import { floatTensor, numElements, readFloats, type StoredTensor } from '../lib/tensors/storedTensor';
import { bytesOf } from '../lib/tensors/views';
import type { ModelDescription } from '../model/description';
import { parameterShapes } from '../model/parameterShapes';
import { presetModel } from '../model/presets';

const SIZES = {
  hidden_size: 4,
  moe_intermediate_size: 3,
  num_hidden_layers: 1,
  num_attention_heads: 1,
  n_routed_experts: 2,
  kv_lora_rank: 2,
};
/** A small model with some keys of its config.json changed. */
export const tiny = (changes: Readonly<Record<string, unknown>> = {}) =>
  presetModel('nano', 5, { ...SIZES, ...changes });
export const TINY = tiny();
export const EMBEDDING = 'model.embed_tokens.weight';
export const BIAS = 'model.layers.0.mlp.gate.e_score_correction_bias';
export const utf8 = (text: string) => new TextEncoder().encode(text);

/** A model whose every value tells its place. */
export function countingModel(description: ModelDescription): ModelFolder {
  let next = 0;
  const tensors = new Map<string, StoredTensor>();
  for (const [name, shape] of parameterShapes(description.architecture)) {
    tensors.set(
      name,
      floatTensor(
        shape,
        Float32Array.from({ length: numElements(shape) }, () => next++),
      ),
    );
  }
  return { description, tensors, tokenizerJson: { version: '1.0' }, readme: '# A model\n' };
}

export const weightsOf = (files: ReadonlyMap<string, Uint8Array>) =>
  new Map(parseSafetensors(files.get('model.safetensors') as Uint8Array).tensors);

/** Name, shape and values of each tensor, by name. */
export async function contents(
  tensors: ReadonlyMap<string, StoredTensor>,
): Promise<[string, readonly number[], Float32Array][]> {
  const read = [...tensors].map(
    async ([name, tensor]): Promise<[string, readonly number[], Float32Array]> => [
      name,
      tensor.shape,
      (await readFloats(tensor)).slice(),
    ],
  );
  return (await Promise.all(read)).sort(([a], [b]) => (a < b ? -1 : 1));
}

/** Reads a folder with all of its values. */
export async function readWhole(source: FileSource): Promise<ModelFolder> {
  const folder = await readFolder(source);
  for (const tensor of folder.tensors.values()) await tensor.read();
  return folder;
}

/** Reads TINY's folder after `damage` to its files or its weights. */
export async function readDamaged(
  damage: { files?: (files: Map<string, Uint8Array>) => void; weights?: (weights: Map<string, RawTensor>) => void },
  description = TINY,
) {
  const files = new Map(await writeFolder(countingModel(description)));
  const weights = weightsOf(files);
  damage.weights?.(weights);
  files.set('model.safetensors', writeSafetensors(weights));
  damage.files?.(files);
  return readWhole(mapSource('my-model', files));
}

export const floats = (shape: number[], fill = 1): RawTensor => ({
  dtype: 'F32',
  shape,
  bytes: bytesOf(new Float32Array(numElements(shape)).fill(fill)),
});

/** Splits the weights of a folder over two files and an index. */
export function shard(files: Map<string, Uint8Array>, change: (map: Record<string, unknown>) => void = () => {}): void {
  const weights = [...weightsOf(files)];
  const weightMap: Record<string, unknown> = {};
  files.delete('model.safetensors');
  for (const [part, chunk] of [weights.slice(0, 7), weights.slice(7)].entries()) {
    const file = `model-0000${part + 1}-of-00002.safetensors`;
    files.set(file, writeSafetensors(chunk));
    for (const [name] of chunk) weightMap[name] = file;
  }
  change(weightMap);
  files.set('model.safetensors.index.json', utf8(JSON.stringify({ metadata: {}, weight_map: weightMap })));
}
