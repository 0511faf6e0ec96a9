// An update does not depend on how its rollouts are split into batches.
import { expect, it } from 'vitest';
import { type DeviceBuffer, whole } from '../../device/contract';
import { expectClose } from '../../testing/close';
import { integers } from '../../testing/numbers';
import { setUpRuntime, tinyModel } from '../../testing/tinyModel';
import { grpoConfig } from './grpoConfig';
import { GrpoUpdater, type TrainingRollout } from './grpoUpdate';

const runtime = setUpRuntime();

it('batches that rollouts just fill, and ever smaller ones, give the loss and the gradient of one with room', async () => {
  const { weights } = await tinyModel(runtime(), true);
  const config = grpoConfig({});
  const tokens = (length: number, seed: number) => [...integers(length, 10, seed)].map((id) => id + 3);
  const prompt = tokens(5, 1);
  const rollouts = [7, 1, 4].map(
    (length, i): TrainingRollout => ({
      prompt,
      completion: tokens(length, i + 2),
      oldLogps: new Array<number>(length).fill(-2),
      advantage: [1, -0.5, -0.5][i] as number,
      isMasked: false,
    }),
  );
  const place = { numItemsInBatch: 12, isOnPolicy: false, isFresh: true };
  async function update(capacity: number) {
    const { device, readback } = runtime();
    device.write(weights.pools[0]?.gradient as DeviceBuffer, new Float32Array(weights.layout.flatSize));
    const shape = { capacity, maxRollouts: rollouts.length, temperature: 1 };
    const updater = await GrpoUpdater.create(runtime(), weights, shape);
    const { loss, metrics } = await updater.accumulate({ rollouts, options: config, ...place });
    updater.destroy();
    return { loss, metrics, gradient: await readback.readF32(whole(weights.pools[0]?.gradient as DeviceBuffer)) };
  }
  const roomy = await update(64);
  expect(roomy.gradient.some((value) => value !== 0)).toBe(true);
  const largest = Math.max(...roomy.gradient.map(Math.abs));
  // The prompt but for its last token, which is read by each rollout, whose own last token is not.
  const read = prompt.length - 1 + 7 + 1 + 4;
  for (const capacity of [read, read - 1, prompt.length - 1 + 7]) {
    const packed = await update(capacity);
    expectClose([packed.loss], [roomy.loss], { absolute: 1e-6, because: 'f32 sums in another order' });
    expectClose(packed.gradient, roomy.gradient, { absolute: 2e-6 * largest, because: 'f32 sums in another order' });
    expectClose([packed.metrics.entropy as number], [roomy.metrics.entropy as number], {
      relative: 1e-6,
      because: 'f32 sums in another order',
    });
  }
  await expect(update(prompt.length - 2 + 7)).rejects.toThrow('does not fit');
  weights.destroy();
});
