// One answer's loss, told step by step, is the loss of the reference, whatever the options.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type GrpoLossOptions, grpoLoss } from '../../reference/grpoLoss';
import { LOSS_TYPE_NAMES, LOSS_TYPES } from '../objectives/lossTypes';
import { answerLoss, type TokenLogps } from './answerLoss';
import { entropyCut } from './entropyCut';
import { type LossOptions, tokenWeights } from './lossWeights';

const logp = fc.double({ min: -4, max: -0.01, noNaN: true });
const entropy = fc.integer({ min: 0, max: 400 }).map((n) => n / 100);
const token = fc.record({ logp, oldLogp: logp, refLogp: logp, entropy });
const answer = fc.record({
  advantage: fc.double({ min: -2, max: 2, noNaN: true }),
  tokens: fc.array(token, { minLength: 1, maxLength: 6 }),
});
const shape = fc.double({ min: 0.1, max: 4, noNaN: true });
const options: fc.Arbitrary<GrpoLossOptions & LossOptions> = fc.record({
  loss_type: fc.constantFrom(...LOSS_TYPE_NAMES),
  importance_sampling_level: fc.constantFrom('token', 'sequence'),
  epsilon: fc.double({ min: 0, max: 0.5, noNaN: true }),
  epsilon_high: fc.option(fc.double({ min: 0, max: 5, noNaN: true })),
  delta: fc.option(fc.double({ min: 1.01, max: 4, noNaN: true })),
  beta: fc.constantFrom(0, 0.04),
  use_bias_correction_kl: fc.boolean(),
  entropy_coef: fc.constantFrom(0, 0.05),
  use_adaptive_entropy: fc.constant(false),
  sapo_temperature_pos: shape,
  sapo_temperature_neg: shape,
  vespo_k_pos: shape,
  vespo_lambda_pos: shape,
  vespo_k_neg: shape,
  vespo_lambda_neg: shape,
  top_entropy_quantile: fc.constantFrom(1, 0.5, 0.2, 0),
  off_policy_mask_threshold: fc.option(fc.double({ min: 0.01, max: 2, noNaN: true })),
  max_completion_length: fc.constant(8),
  steps_per_generation: fc.constantFrom(1, 2),
});

type Told = TokenLogps & { readonly refLogp: number; readonly entropy: number };
type Answer = { readonly advantage: number; readonly tokens: readonly Told[] };

/** The reference's loss of a mini-batch, packed. */
function referenceOf(answers: readonly Answer[], numItemsInBatch: number, s: GrpoLossOptions) {
  const all = answers.flatMap(({ tokens }, b) => tokens.map((one) => ({ ...one, b })));
  return grpoLoss(
    {
      logp: all.map((one) => one.logp),
      oldLogp: all.map((one) => one.oldLogp),
      refLogp: all.map((one) => one.refLogp),
      entropy: all.map((one) => one.entropy),
      mask: all.map(() => 1),
      sequence: all.map(({ b }) => b),
      advantages: answers.map(({ advantage }) => advantage),
      numItemsInBatch,
    },
    s,
  );
}

describe('one answer’s loss', () => {
  test('adds up to the loss of its mini-batch, and its pushes are the slopes downwards', () => {
    const miniBatch = fc.array(answer, { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(miniBatch, fc.nat(10), options, (answers, elsewhere, s) => {
        const lengths = answers.map(({ tokens }) => tokens.length);
        const numItems = lengths.reduce((sum, length) => sum + length, elsewhere);
        const weights = tokenWeights(lengths, numItems, s);
        const entropies = answers.flatMap(({ tokens }) => tokens.map(({ entropy: nats }) => nats));
        const cut = entropyCut(entropies, s.top_entropy_quantile);
        const entropyWeight = s.entropy_coef / cut.count;
        const told = answers.map(({ tokens, advantage }, i) =>
          answerLoss(tokens, advantage, weights[i] as number, s, entropyWeight, cut),
        );
        const { loss, dLogp } = referenceOf(answers, numItems, s);
        expect(told.reduce((sum, one) => sum + one.loss, 0)).toBeCloseTo(loss, 10);
        const pushes = told.flatMap(({ tokens }) => tokens.map(({ push }) => push));
        for (const [n, push] of pushes.entries()) expect(push).toBeCloseTo(-(dLogp[n] as number), 10);
      }),
      { numRuns: 500 },
    );
  });

  test('says of a token that its ratio was cut exactly where the reference gives it no slope', () => {
    fc.assert(
      fc.property(answer, options, ({ advantage, tokens }, s) => {
        fc.pre(
          Math.abs(advantage) > 1e-3 &&
            LOSS_TYPES[s.loss_type].term === 'clipped' &&
            s.importance_sampling_level === 'token',
        );
        const all = { ...s, beta: 0, top_entropy_quantile: 1, off_policy_mask_threshold: null };
        const told = answerLoss(tokens, advantage, 1, all);
        const { dLogp } = referenceOf([{ advantage, tokens }], tokens.length, all);
        const isStill = told.tokens.map((_, n) => dLogp[n] === 0);
        expect(told.tokens.map(({ isCut }) => isCut)).toEqual(isStill);
      }),
    );
  });
});
