// The variants' numbers are checked against TRL in model.test.ts; here are the properties that hold for any batch.
import { describe, expect, test } from 'vitest';
import { expectClose } from '../testing/close';
import { expectGradient } from '../testing/gradientCheck';
import { normals } from '../testing/numbers';
import { at } from './array';
import { type GrpoLossOptions, grpoLoss, TRL_DEFAULTS } from './grpoLoss';

const options: GrpoLossOptions = {
  loss_type: 'grpo',
  importance_sampling_level: 'token',
  epsilon: 0.2,
  epsilon_high: 0.3,
  delta: null,
  beta: 0.1,
  use_bias_correction_kl: true,
  entropy_coef: 0.02,
  ...TRL_DEFAULTS,
  max_completion_length: 5,
};

// Three sequences of 5, 4 and 3 tokens, the first tokens of each a prompt; the last one was cut and is masked out whole.
const sequence = [0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2];
const mask = [0, 0, 1, 1, 1, 0, 1, 1, 1, 0, 0, 0];
const logp = normals(12, 1).map((z) => -1 - 0.3 * z);
const inputs = {
  logp,
  oldLogp: normals(12, 2).map((z, n) => at(logp, n) + 0.3 * z),
  refLogp: normals(12, 3).map((z, n) => at(logp, n) + 0.3 * z),
  entropy: normals(12, 4).map(Math.abs),
  mask,
  sequence,
  advantages: [1.2, -0.7, 0.4],
};

describe('the GRPO loss', () => {
  describe.each(['grpo', 'dapo', 'bnpo', 'dr_grpo', 'luspo', 'sapo'] as const)('%s', (loss_type) => {
    test.each([
      { importance_sampling_level: 'token' },
      { importance_sampling_level: 'sequence' },
      { importance_sampling_level: 'sequence', use_bias_correction_kl: false },
      { delta: 1.25 },
      { delta: 1.05 },
      { delta: 1.1, importance_sampling_level: 'sequence' },
      { beta: 0, entropy_coef: 0 },
    ] as const)('its gradients are its derivatives with %o', (changed) => {
      const varied = { ...options, loss_type, ...changed };
      const { dLogp, dEntropy } = grpoLoss(inputs, varied);
      expectGradient(dLogp, (v) => grpoLoss({ ...inputs, logp: v }, varied).loss, inputs.logp);
      expectGradient(dEntropy, (v) => grpoLoss({ ...inputs, entropy: v }, varied).loss, inputs.entropy);
    });
  });

  test('cispo weighs every token by its capped ratio, which has no gradient of its own', () => {
    const { dLogp } = grpoLoss(inputs, { ...options, loss_type: 'cispo', beta: 0 });
    const expected = mask.map((counts, n) => {
      const ratio = Math.exp(at(inputs.logp, n) - at(inputs.oldLogp, n));
      return (-counts * Math.min(ratio, 0.3) * at(inputs.advantages, at(sequence, n))) / 6;
    });
    expectClose(dLogp, expected, { absolute: 1e-15, because: 'f64' });
  });

  test('on the policy that sampled, every variant pushes a token by minus its advantage', () => {
    for (const importance_sampling_level of ['token', 'sequence'] as const) {
      const { dLogp, metrics } = grpoLoss(
        { ...inputs, oldLogp: inputs.logp },
        { ...options, loss_type: 'dapo', beta: 0, importance_sampling_level },
      );
      expectClose(
        dLogp,
        mask.map((counts, n) => (-counts * at(inputs.advantages, at(sequence, n))) / 6),
        { absolute: 1e-15, because: 'a ratio of 1 in f64' },
      );
      expect(metrics['clip_ratio/region_mean']).toBe(0);
    }
  });

  test('on the policy that sampled, sequences of unlike length weigh alike in grpo and by their tokens in dapo', () => {
    const uneven = {
      ...inputs,
      oldLogp: inputs.logp,
      mask: [0, 0, 0, 0, 1, 0, 1, 1, 1, 0, 0, 0],
      advantages: [1, -1, 0],
    };
    const clean = { ...options, beta: 0, entropy_coef: 0 };
    expect(grpoLoss(uneven, clean).loss).toBeCloseTo(0, 15);
    expect(grpoLoss(uneven, { ...clean, loss_type: 'dapo' }).loss).toBeCloseTo(0.5, 15);
    expect(grpoLoss(uneven, { ...clean, loss_type: 'dr_grpo' }).loss).toBeCloseTo(2 / 15, 15);
  });

  test('an update that went far enough is clipped: no gradient is left on that side', () => {
    const drift = (by: number) => ({
      ...inputs,
      oldLogp: inputs.logp.map((value) => value - by),
      advantages: [1, -1, 0],
    });
    const clean = { ...options, loss_type: 'dapo', beta: 0, entropy_coef: 0 } as const;
    const up = grpoLoss(drift(0.5), clean);
    expect([at(up.dLogp, 2) === 0, at(up.dLogp, 6) > 0]).toEqual([true, true]);
    expect(up.metrics['clip_ratio/high_mean']).toBe(0.5);
    const down = grpoLoss(drift(-0.5), clean);
    expect([at(down.dLogp, 2) < 0, at(down.dLogp, 6) === 0]).toEqual([true, true]);
    expect(down.metrics['clip_ratio/low_mean']).toBe(0.5);
  });

  test('delta stops a bad token from being pushed down without bound', () => {
    const far = { ...inputs, oldLogp: inputs.logp.map((value) => value - 3), advantages: [-1, -1, -1] };
    const clean = { ...options, beta: 0, entropy_coef: 0 };
    expect(grpoLoss(far, clean).loss).toBeCloseTo((2 / 3) * Math.exp(3), 10);
    const bounded = grpoLoss(far, { ...clean, delta: 4 });
    expect(bounded.loss).toBeCloseTo((2 / 3) * 4, 10);
    expect([...bounded.dLogp]).toEqual(new Array(12).fill(0));
  });

  test('a delta within the clip leaves the clipped term its gradient', () => {
    const drifted = {
      ...inputs,
      oldLogp: inputs.logp.map((value) => value - Math.log(1.15)),
      advantages: [-1, -1, -1],
    };
    const { loss, dLogp } = grpoLoss(drifted, {
      ...options,
      loss_type: 'dapo',
      epsilon_high: 0.2,
      delta: 1.1,
      beta: 0,
      entropy_coef: 0,
    });
    expect(loss).toBeCloseTo(1.15, 12);
    expectClose(
      dLogp,
      mask.map((counts) => (counts * 1.15) / 6),
      { absolute: 1e-15, because: 'f64' },
    );
  });

  test.each(['dapo', 'cispo', 'bnpo'] as const)('mini-batches of 10 and 30 tokens in %s', (loss_type) => {
    const miniBatch = (numTokens: number) => {
      const ones = new Array<number>(numTokens).fill(1);
      const none = new Array<number>(numTokens).fill(0);
      const same = { logp: none, entropy: none, oldLogp: none, refLogp: none, sequence: none };
      const given = { ...same, mask: ones, advantages: [-1], numItemsInBatch: 40 };
      const settings = { ...options, loss_type, epsilon_high: 1, beta: 0, entropy_coef: 0, steps_per_generation: 2 };
      return grpoLoss(given, settings).dLogp[0];
    };
    expect([miniBatch(10), miniBatch(30)]).toEqual(loss_type === 'bnpo' ? [1 / 10, 1 / 30] : [1 / 20, 1 / 20]);
  });

  test('masked tokens have no say', () => {
    const garbled = (values: ArrayLike<number>) => Array.from(values, (value, n) => (mask[n] ? value : 1e6 * (n - 5)));
    const expected = grpoLoss(inputs, options);
    const got = grpoLoss(
      { ...inputs, logp: garbled(inputs.logp), oldLogp: garbled(inputs.oldLogp), entropy: garbled(inputs.entropy) },
      options,
    );
    expect(got).toEqual(expected);
    expect([...got.dLogp].every((value, n) => mask[n] || value === 0)).toBe(true);
  });

  test('a batch with every token masked has no loss, no gradient and no number that is not one', () => {
    for (const loss_type of ['grpo', 'dapo', 'bnpo', 'dr_grpo', 'cispo', 'luspo', 'sapo'] as const) {
      const { loss, dLogp, dEntropy, metrics } = grpoLoss(
        { ...inputs, mask: mask.map(() => 0) },
        { ...options, loss_type },
      );
      expect(loss).toBeCloseTo(0, 15);
      expect([...dLogp, ...dEntropy].every((value) => value === 0)).toBe(true);
      expect(Object.values(metrics).every(Number.isFinite)).toBe(true);
    }
  });
});
