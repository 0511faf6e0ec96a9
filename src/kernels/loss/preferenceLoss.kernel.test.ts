import { describe, test } from 'vitest';
import * as reference from '../../reference/preferenceLoss';
import { expectClose } from '../../testing/close';
import { setUpKernelRunner } from '../../testing/kernelRunner';
import { integers, normalFloats } from '../../testing/numbers';
import {
  PREFERENCE_SUMS,
  packPreferencePairs,
  packPreferenceSettings,
  preferenceLoss,
  unpackPreferenceSums,
} from './preferenceLoss';

const runner = setUpKernelRunner();

const VARIANTS: readonly (Partial<reference.PreferenceLossOptions> & { readonly slopeStride?: number })[] = [
  {},
  { loss_type: 'robust', label_smoothing: 0.2 },
  { loss_type: 'sigmoid_norm', beta: 2 },
  { loss_type: 'hinge', beta: 0.5 },
  { loss_type: 'ipo' },
  { beta: 1, center_rewards_coefficient: 0.01, slopeStride: 1 },
  { beta: 40, slopeStride: 1 },
];

/** Pairs of sides, of which some are empty, with gaps between them. */
function sidesOf(numPairs: number) {
  const counts = integers(numPairs * 2, 12, 1);
  const offsets = normalFloats(numPairs * 2, 2);
  let at = 2;
  const side = (i: number) => {
    const found = { first: at, count: counts[i] ?? 0, offset: offsets[i] ?? 0 };
    at += found.count + 1;
    return found;
  };
  const pairs = Array.from({ length: numPairs }, (_, i) => ({ chosen: side(2 * i), rejected: side(2 * i + 1) }));
  return { pairs, x: normalFloats(at + 3, 3) };
}

describe.each([1, 63, 64, 65])('the loss of %i preferred pairs', (numPairs) => {
  test.each(VARIANTS)('loss, slopes and sums with %o', async ({ slopeStride = 2, ...variant }) => {
    const gpu = runner();
    const options = {
      ...{ loss_type: 'sigmoid', beta: 0.1, label_smoothing: 0, center_rewards_coefficient: 0 },
      ...variant,
    } as reference.PreferenceLossOptions;
    const { pairs, x } = sidesOf(numPairs);
    const maxPairs = numPairs + 2;
    const [slopes, sums] = [gpu.zeros(x.length * slopeStride), gpu.output(maxPairs * PREFERENCE_SUMS.length)];
    const settings = {
      numPairs,
      term: { hinge: 1, ipo: 2 }[options.loss_type as string] ?? 0,
      isMean: options.loss_type === 'ipo' || options.loss_type === 'sigmoid_norm',
      beta: options.beta,
      labelSmoothing: options.label_smoothing,
      center: options.center_rewards_coefficient,
      weight: 1 / numPairs,
    };
    await gpu.run(
      preferenceLoss(
        { maxPairs, slopeStride },
        {
          settings: gpu.words(packPreferenceSettings(settings)),
          pairs: gpu.words(packPreferencePairs(pairs)),
          x: gpu.floats(x),
          slopes,
          sums,
        },
      ),
    );
    const expected = reference.preferenceLoss(x, pairs, options);
    const found = unpackPreferenceSums(await gpu.readFloats(sums), numPairs);
    const tolerance = { relative: 5e-6, absolute: 2e-6, because: 'f32 exponentials and short sums' };
    const rows = (await gpu.readFloats(slopes)).filter((_, i) => i % slopeStride === 0);
    expectClose(rows, expected.slopes, tolerance);
    const scores = (all: readonly { chosen: number; rejected: number }[]) => all.flatMap((s) => [s.chosen, s.rejected]);
    expectClose(scores(found), scores(expected.scores), tolerance);
    const loss = found.reduce((sum, pair) => sum + pair.loss, 0);
    expectClose([loss], [expected.loss], {
      relative: 1e-5,
      absolute: 1e-7,
      because: `f32 sums over ${numPairs} pairs`,
    });
  });
});
