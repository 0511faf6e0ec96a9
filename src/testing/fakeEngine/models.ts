// Loading a model as the made-up engine does it: any folder with a config.json will do.

import type { Catalogue, DeviceInfo, DeviceWish, ModelInfo, ModelSource, Result } from '../../protocol/protocol';
import { presentPipelines } from '../../worker/presentPipeline';
import { CATALOGUE, MODEL } from '../madeUp';
import type { Host } from './host';
import { failure, ok } from './results';

const GPU: DeviceInfo = { kind: 'gpu', name: 'made up / graphics', isSoftware: false, why: { kind: 'asked' } };

/** What computes where that is wished for. */
export function deviceFor(wish: DeviceWish, devices: Host['options']['devices']): Result<DeviceInfo> {
  if (wish === 'gpu' && devices !== null) return failure('webgpu_missing', 'This browser gave no GPU.', 'Use another.');
  if (wish === 'gpu') return ok(GPU);
  return ok(wish === 'cpu' ? { ...CATALOGUE.device, why: { kind: 'asked' } } : CATALOGUE.device);
}

/** What the device lets the page have. */
export function openCatalogue({ devices, kept }: Host['options'], wish: DeviceWish): Result<Catalogue> {
  if (devices === 'small') {
    return failure('device_too_small', 'This GPU offers 16 MiB; the model needs 128 MiB.', 'Use another device.');
  }
  if (devices === 'none' && wish !== 'gpu') {
    return failure('no_device', 'Neither SIMD nor WebGPU.', 'Use a current browser.');
  }
  const device = deviceFor(wish, devices);
  return device.ok ? ok({ ...CATALOGUE, device: device.value, pipelines: presentPipelines(), kept }) : device;
}

/** @param name of the model, where its source does not say it. */
export async function loadModel(host: Host, source: ModelSource, name = nameOf(source)): Promise<Result<ModelInfo>> {
  if (source.kind === 'files' && !source.files.some(({ name }) => name === 'config.json' || name.endsWith('.zip'))) {
    return failure('bad_model_folder', `${source.name} has no config.json.`, 'Choose a Hugging Face model folder.');
  }
  for (const stage of ['download', 'check', 'upload', 'compile'] as const) {
    host.emit({ type: 'modelLoadProgressed', stage, done: 1, total: 2 });
    await host.wait(20);
  }
  host.model = { ...MODEL, name };
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
