// Loading a model as the made-up engine does it: any folder with a config.json will do.

import type { Catalogue, ModelInfo, ModelSource, Result } from '../../protocol/protocol';
import { presentPipelines } from '../../worker/presentPipeline';
import { CATALOGUE, MODEL } from '../madeUp';
import type { Host } from './host';
import { failure, ok } from './results';

/** What the device lets the page have. */
export function openCatalogue({ device, kept }: Host['options']): Result<Catalogue> {
  if (device === 'small') {
    return failure('device_too_small', 'This GPU offers 16 MiB; the model needs 128 MiB.', 'Use another device.');
  }
  if (device === 'none') return failure('webgpu_missing', 'This browser gave no GPU.', 'Use a browser with WebGPU.');
  return ok({ ...CATALOGUE, pipelines: presentPipelines(), kept });
}

export async function loadModel(host: Host, source: ModelSource): Promise<Result<ModelInfo>> {
  if (source.kind === 'files' && !source.files.some(({ name }) => name === 'config.json' || name.endsWith('.zip'))) {
    return failure('bad_model_folder', `${source.name} has no config.json.`, 'Choose a Hugging Face model folder.');
  }
  for (const stage of ['download', 'check', 'upload', 'compile'] as const) {
    host.emit({ type: 'modelLoadProgressed', stage, done: 1, total: 2 });
    await host.wait(20);
  }
  host.model = { ...MODEL, name: nameOf(source) };
  host.emit({ type: 'modelLoaded', model: host.model });
  return ok(host.model);
}

function nameOf(source: ModelSource): string {
  if (source.kind === 'files') return source.name;
  if (source.kind === 'shipped') return source.id;
  return source.kind === 'checkpoint' ? `${source.pipeline}/${source.checkpoint}` : MODEL.name;
}

/** A zip of nothing. */
export const exportModel = async (): Promise<Result<Uint8Array>> =>
  ok(new Uint8Array([0x50, 0x4b, 5, 6, ...new Array(18).fill(0)]));
