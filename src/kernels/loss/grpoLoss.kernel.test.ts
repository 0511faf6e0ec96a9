import { describe, expect, test } from 'vitest';
import * as reference from '../../reference/grpoLoss';
import { expectClose } from '../../testing/close';
import { setUpKernelRunner } from '../../testing/kernelRunner';
import { integers, normalFloats, normals } from '../../testing/numbers';
import { GRPO_SUMS, grpoLoss, packGrpoSequences, packGrpoSettings, unpackGrpoSums } from './grpoLoss';

const runner = setUpKernelRunner();

const DEFAULTS: reference.GrpoLossOptions = {
  loss_type: 'dapo',
  importance_sampling_level: 'token',
  epsilon: 0.2,
  epsilon_high: 0.28,
  delta: null,
  beta: 0,
  use_bias_correction_kl: true,
  entropy_coef: 0,
  ...reference.TRL_DEFAULTS,
  max_completion_length: 40,
};

const VARIANTS: readonly Partial<reference.GrpoLossOptions>[] = [
  {},
  { loss_type: 'grpo', beta: 0.04, use_bias_correction_kl: false },
  { loss_type: 'grpo', beta: 0.04, entropy_coef: 0.01 },
  { loss_type: 'bnpo', delta: 1.25 },
  { loss_type: 'grpo', delta: 1.05 },
  { loss_type: 'dr_grpo' },
  { loss_type: 'cispo', epsilon_high: 1.1, beta: 0.04 },
  { loss_type: 'cispo', epsilon_high: 1.3, delta: 1.2 },
  { loss_type: 'sapo' },
  { loss_type: 'sapo', importance_sampling_level: 'sequence', beta: 0.04 },
  { loss_type: 'sapo', sapo_temperature_pos: 0.7, sapo_temperature_neg: 2 },
  { loss_type: 'vespo' },
  { loss_type: 'vespo', beta: 0.04, importance_sampling_level: 'sequence', vespo_lambda_neg: 0, vespo_k_pos: 0.5 },
  { loss_type: 'grpo', off_policy_mask_threshold: 0.05, beta: 0.04 },
  { top_entropy_quantile: 0.2, entropy_coef: 0.01, beta: 0.04 },
  { top_entropy_quantile: 0, importance_sampling_level: 'sequence', entropy_coef: 0.01 },
  { loss_type: 'luspo', importance_sampling_level: 'sequence' },
  { loss_type: 'grpo', importance_sampling_level: 'sequence', epsilon: 0.03, epsilon_high: 0.04 },
  { importance_sampling_level: 'sequence', beta: 0.04, delta: 1.05 },
];

/** What a token's loss is multiplied by in a sequence of `length`: the caller's part of a loss_type. */
function tokenWeight(loss_type: string, length: number, lengths: readonly number[]): number {
  const total = lengths.reduce((sum, count) => sum + count, 0);
  if (loss_type === 'luspo') return 1 / lengths.length;
  if (loss_type === 'grpo' || loss_type === 'sapo') return 1 / (Math.max(length, 1) * lengths.length);
  return loss_type === 'dr_grpo' ? 1 / (lengths.length * DEFAULTS.max_completion_length) : 1 / Math.max(total, 1);
}

/** Between the last token that counts and the first that does not, and how many count: the caller's part, too. */
function entropyCut(values: Float32Array, share: number): { least: number | null; count: number } {
  const sorted = values.toSorted();
  const first = Math.ceil((1 - share) * (sorted.length - 1));
  const least = first <= 0 ? null : ((sorted[first - 1] ?? 0) + (sorted[first] ?? 0)) / 2;
  return { least, count: sorted.length - Math.max(0, first) };
}

/** Sequences of a prompt and a completion, the places of both packed; every fifth completion is masked out. */
function rollouts(numSequences: number) {
  const [prompts, completions] = [integers(numSequences, 4, 1), integers(numSequences, 20, 2)];
  let first = 0;
  const sequences = Array.from(completions, (length, b) => {
    const promptLength = prompts[b] ?? 0;
    const sequence = { first: first + promptLength, length, count: b % 5 === 4 ? 0 : length };
    first += promptLength + length;
    return sequence;
  });
  const numTokens = first + 3; // room that no sequence uses
  const mask = new Array<number>(numTokens).fill(0);
  const sequence = new Array<number>(numTokens).fill(0);
  sequences.forEach(({ first: start, count }, b) => {
    mask.fill(1, start, start + count);
    sequence.fill(b, start, start + count);
  });
  const logp = normalFloats(numTokens, 3).map((z) => -1 - 0.3 * z);
  const near = (seed: number) => Float32Array.from(normals(numTokens, seed), (z, n) => (logp[n] ?? 0) + 0.25 * z);
  return {
    sequences,
    inputs: {
      logp,
      entropy: normalFloats(numTokens, 4).map(Math.abs),
      oldLogp: near(5),
      refLogp: near(6),
      mask,
      sequence,
      advantages: normalFloats(numSequences, 7),
    },
    drawnLogp: near(8),
  };
}

async function runKernel(numSequences: number, options: reference.GrpoLossOptions, isOnPolicy = false) {
  const gpu = runner();
  const { sequences, inputs, drawnLogp } = rollouts(numSequences);
  const maxSequences = numSequences + 2;
  const lengths = sequences.map(({ count }) => count);
  const cut = entropyCut(
    inputs.entropy.filter((_, n) => inputs.mask[n]),
    options.top_entropy_quantile,
  );
  const isWeighed = options.loss_type === 'vespo';
  const numActive = Math.max(
    1,
    lengths.reduce((total, count) => total + count, 0),
  );
  const [slopes, sums] = [gpu.zeros(inputs.logp.length * 2), gpu.output(maxSequences * GRPO_SUMS.length)];
  await gpu.run(
    grpoLoss(maxSequences, {
      settings: gpu.words(
        packGrpoSettings({
          numSequences,
          policyTerm: { cispo: 1, sapo: 2, vespo: 3 }[options.loss_type as string] ?? 0,
          isSequenceLevel: options.importance_sampling_level === 'sequence',
          isOnPolicy,
          isKlCorrected: options.use_bias_correction_kl,
          epsilonLow: options.epsilon,
          epsilonHigh: options.epsilon_high ?? options.epsilon,
          delta: options.delta,
          beta: options.beta,
          entropyWeight: options.entropy_coef / Math.max(1, cut.count),
          shapeUp: isWeighed ? [options.vespo_k_pos, options.vespo_lambda_pos] : [options.sapo_temperature_pos, 0],
          shapeDown: isWeighed ? [options.vespo_k_neg, options.vespo_lambda_neg] : [options.sapo_temperature_neg, 0],
          offPolicyThreshold: options.off_policy_mask_threshold,
          leastEntropy: cut.least,
        }),
      ),
      sequences: gpu.words(
        packGrpoSequences(
          sequences.map(({ first, count }, b) => ({
            first,
            count,
            advantage: inputs.advantages[b] ?? Number.NaN,
            weight: tokenWeight(options.loss_type, count, lengths),
          })),
        ),
      ),
      log_prob: gpu.floats(inputs.logp),
      entropy: gpu.floats(inputs.entropy),
      old_log_prob: gpu.floats(
        Float32Array.from(
          { length: inputs.logp.length * 2 },
          (_, i) => (i % 2 ? drawnLogp : inputs.oldLogp)[i >> 1] ?? 0,
        ),
      ),
      ref_log_prob: gpu.floats(inputs.refLogp),
      slopes,
      sums,
    }),
  );
  const all = unpackGrpoSums(await gpu.readFloats(sums), numSequences);
  const total = (name: keyof (typeof all)[number]) => all.reduce((sum, one) => sum + one[name], 0);
  return { inputs, drawnLogp, lengths, numActive, all, total, slopes: await gpu.readFloats(slopes) };
}

describe.each([1, 63, 64, 65])('the GRPO loss of %i sequences', (numSequences) => {
  test.each(VARIANTS)('loss, slopes and sums with %o', async (variant) => {
    const options = { ...DEFAULTS, ...variant };
    const { inputs, lengths, numActive, total, slopes } = await runKernel(numSequences, options);
    const expected = reference.grpoLoss(inputs, options);
    const tolerance = { relative: 2e-6, because: 'f32 exponentials and short sums' };
    const expectedSlopes = Array.from(expected.dLogp).flatMap((dLogp, n) => [
      dLogp,
      expected.dEntropy[n] ?? Number.NaN,
    ]);
    expectClose(slopes, expectedSlopes, tolerance);
    const absolute = { absolute: 3e-6, because: `f32 sums over ${numSequences} sequences` };
    expectClose(
      [total('loss'), total('entropy') / numActive],
      [expected.loss, expected.metrics.entropy ?? 0],
      absolute,
    );
    if (options.beta !== 0) expectClose([total('kl') / numActive], [expected.metrics.kl ?? 0], absolute);
    if (options.importance_sampling_level === 'sequence') return; // TRL's shares are then of sequences
    const clipped = [total('clippedLow') / numActive, total('clippedHigh') / numActive];
    const { metrics } = expected;
    if (options.loss_type === 'sapo') return; // it has no clip
    if (options.loss_type === 'vespo') {
      expectClose([total('gamma') / numSequences], [metrics['vespo/phi_seq_mean'] ?? Number.NaN], absolute);
      return;
    }
    if (options.loss_type === 'cispo')
      expectClose(clipped.slice(1), [metrics.cispo_clip_ratio ?? Number.NaN], absolute);
    else expectClose(clipped, [metrics['clip_ratio/low_mean'] ?? 0, metrics['clip_ratio/high_mean'] ?? 0], absolute);
    expect(lengths).toHaveLength(numSequences);
  });

  test('the difference from what the sampler drew by is summed and its largest kept', async () => {
    const { inputs, drawnLogp, all } = await runKernel(numSequences, DEFAULTS);
    all.forEach(({ samplingDifference, samplingDifferenceMax }, b) => {
      const differences = Array.from(inputs.logp, (logp, n) => Math.abs(logp - (drawnLogp[n] ?? Number.NaN))).filter(
        (_, n) => inputs.mask[n] === 1 && inputs.sequence[n] === b,
      );
      const expected = [differences.reduce((sum, value) => sum + value, 0), Math.max(0, ...differences)];
      expectClose([samplingDifference, samplingDifferenceMax], expected, {
        absolute: 5e-6,
        because: 'a short f32 sum',
      });
    });
  });

  test('on policy every ratio is exactly 1, whatever the old log-probabilities say', async () => {
    for (const importance_sampling_level of ['token', 'sequence'] as const) {
      const options = { ...DEFAULTS, importance_sampling_level };
      const { inputs, slopes, total } = await runKernel(numSequences, options, true);
      const expected = reference.grpoLoss({ ...inputs, oldLogp: inputs.logp }, options);
      const dLogp = slopes.filter((_, i) => i % 2 === 0);
      expectClose(dLogp, expected.dLogp, { relative: 1e-6, because: 'f32 products' });
      expect([total('clippedLow'), total('clippedHigh')]).toEqual([0, 0]);
    }
  });
});
