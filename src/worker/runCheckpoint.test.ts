import { expect, it } from 'vitest';
import type { ModelFolder } from '../formats/huggingface/folder';
import { writeFolder } from '../formats/huggingface/writeFolder';
import { zipFolder } from '../formats/huggingface/zipSource';
import { readFloats, type StoredTensor } from '../lib/tensors/storedTensor';
import { packSnapshot } from '../runs/snapshot';
import { tinyRecipe } from '../testing/tinyModel';
import { initialFolder } from '../trainer/texts/pretrain';
import { unpackRunCheckpoint } from './runCheckpoint';

const folderOf = (seed: number) => initialFolder({ ...tinyRecipe(), seed });

const firstNumbers = ({ tensors }: ModelFolder) => readFloats([...tensors.values()][0] as StoredTensor);

const arrays = {
  firstMoment: new Float32Array([1, -2]),
  secondMoment: new Float32Array([3, Number.NaN]),
  state: new Float32Array([4]),
  reference: new Float32Array([5, 6]),
};
const meta = { step: 7, optimizerSteps: 14, numTokens: 99 };

it('a run’s checkpoint is read back as it was written', async () => {
  const state = { step: 7, seconds: 12, memory: { meta, arrays }, unmeasured: { loss: Number.NaN, reward: 0.5 } };
  const read = await unpackRunCheckpoint('otter', packSnapshot(state, await writeFolder(folderOf(1), {}), []));
  expect(read).toMatchObject({ step: 7, seconds: 12, memory: { meta, arrays }, unmeasured: { reward: 0.5 } });
  expect(await firstNumbers(read.model)).toEqual(await firstNumbers(folderOf(1)));
  expect(read.base).toBeUndefined();
});

it('a checkpoint of version 1 is read too, with the model before the run, which it held', async () => {
  const zip = async (seed: number) => zipFolder(await writeFolder(folderOf(seed), {}));
  const bytes = ({ buffer }: Float32Array) => new Uint8Array(buffer);
  const payload = [await zip(1), await zip(2), ...Object.values(arrays).map(bytes)];
  const stored = { step: 7, meta: { version: 1, ...meta, hasReference: true }, payload };
  const { memory, model, base } = await unpackRunCheckpoint('otter', stored);
  expect(memory).toEqual({ meta, arrays });
  expect(await firstNumbers(model)).toEqual(await firstNumbers(folderOf(1)));
  expect(await firstNumbers(base as ModelFolder)).toEqual(await firstNumbers(folderOf(2)));
  const without = await unpackRunCheckpoint('otter', { ...stored, meta: { ...stored.meta, hasReference: false } });
  expect(without.memory.arrays).not.toHaveProperty('reference');
});
