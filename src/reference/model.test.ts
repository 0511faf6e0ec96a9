import { describe, expect, test } from 'vitest';
import { numElements } from '../lib/tensors/storedTensor';
import { type Architecture, expertLayers, type LatentAttention } from '../model/architecture';
import { isBuffer, parameterShapes } from '../model/parameterShapes';
import { expectClose, relativeL2 } from '../testing/close';
import { FAMILY_FIXTURES, FIXTURES, type Fixture, loadFixture } from '../testing/fixture';
import { expectGradient, weighted } from '../testing/gradientCheck';
import { normals } from '../testing/numbers';
import { adamw, clipScale, globalNorm } from './adamw';
import { at, type Numbers, sum } from './array';
import { type GrpoLossOptions, grpoLoss, TRL_DEFAULTS } from './grpoLoss';
import { logProb, logProbBackward } from './logProb';
import { referenceModel } from './model';

/** The first token's index of each token's sequence, for rows of one length. */
function rowStarts(numTokens: number, rowLength: number): number[] {
  return Array.from({ length: numTokens }, (_, n) => n - (n % rowLength));
}

/** Mean cross-entropy of each token against the next in its row, and the gradient of every weight. */
function crossEntropy(fixture: Fixture, weights: ReadonlyMap<string, Numbers>, ids: Numbers, rowLength: number) {
  const model = referenceModel(fixture.architecture, weights, ids, rowStarts(ids.length, rowLength));
  const targets = Array.from(ids, (_, n) => (n + 1 < ids.length ? at(ids, n + 1) : 0));
  const counted = Array.from(ids, (_, n) => (n % rowLength < rowLength - 1 ? 1 : 0));
  const numCounted = counted.filter((count) => count === 1).length;
  const { logp } = logProb(model.logits, targets, 1);
  const loss = -counted.reduce<number>((total, count, n) => total + count * at(logp, n), 0) / numCounted;
  const dLogp = counted.map((count) => -count / numCounted);
  const dLogits = logProbBackward(dLogp, new Float64Array(ids.length), model.logits, targets, 1);
  return { loss, grads: model.backward(dLogits) };
}

/** The fixture's rollouts packed without their padding: where each golden completion token sits. */
function packRollouts(fixture: Fixture) {
  const [prompts, completions] = [fixture.tensor('grpo.prompt_ids'), fixture.tensor('grpo.completion_ids')];
  const completionMask = fixture.tensor('grpo.completion_mask');
  const [rows, promptLength, completionLength] = [8, 6, 12];
  const packed = { ids: [] as number[], starts: [] as number[], sequence: [] as number[], golden: [] as number[] };
  for (let row = 0; row < rows; row++) {
    const start = packed.ids.length;
    const push = (id: number, golden: number) => {
      packed.ids.push(id);
      packed.starts.push(start);
      packed.sequence.push(row);
      packed.golden.push(golden);
    };
    for (let t = 0; t < promptLength; t++) push(at(prompts, row * promptLength + t), -1);
    for (let t = 0; t < completionLength; t++) {
      const index = row * completionLength + t;
      if (at(completionMask, index) === 1) push(at(completions, index), index);
    }
  }
  // A token's log-probability is computed at the token before it, so that is where golden numbers belong.
  const golden = packed.golden.map((_, n) => packed.golden[n + 1] ?? -1);
  const pick = (values: Float64Array) => Float64Array.from(golden, (index) => (index < 0 ? 0 : at(values, index)));
  return {
    ...packed,
    targets: packed.ids.map((_, n) => packed.ids[n + 1] ?? 0),
    mask: golden.map((index) => (index < 0 ? 0 : 1)),
    oldLogp: pick(fixture.tensor('grpo.old_logps')),
    refLogp: pick(fixture.tensor('grpo.ref_logps')),
    logp: pick(fixture.tensor('grpo.logps')),
    entropy: pick(fixture.tensor('grpo.entropies')),
    advantages: fixture.tensor('grpo.advantages'),
  };
}

const LOSS_DEFAULTS: GrpoLossOptions = {
  ...TRL_DEFAULTS,
  loss_type: 'dapo',
  importance_sampling_level: 'token',
  epsilon: 0.2,
  epsilon_high: null,
  delta: null,
  beta: 0,
  use_bias_correction_kl: true,
  entropy_coef: 0,
  max_completion_length: 512,
};

describe.each(FIXTURES)('the reference model on %s', (name) => {
  const fixture = loadFixture(name);
  const ids = fixture.tensor('input_ids');

  test('its logits are those of transformers', () => {
    const { logits, load } = referenceModel(fixture.architecture, fixture.weights, ids, rowStarts(48, 24));
    expectClose(logits, fixture.tensor('logits'), { absolute: 1e-5, because: 'transformers computed in f32' });
    expect(load.map((counts) => sum(counts))).toEqual([
      48 * (expertLayers(fixture.architecture)[0]?.experts.topK ?? 0),
    ]);
  });

  test('its loss and every gradient are those of PyTorch', () => {
    const { loss, grads } = crossEntropy(fixture, fixture.weights, ids, 24);
    expectClose([loss], [fixture.golden.loss], { absolute: 2e-6, because: 'PyTorch computed in f32' });
    const names = [...fixture.weights.keys()].filter((weight) => !isBuffer(weight));
    for (const weight of names) {
      const grad = grads.get(weight) ?? new Float64Array(0);
      expect(relativeL2(grad, fixture.tensor(`grad.${fixture.diskName(weight)}`)), weight).toBeLessThan(1e-5);
    }
    expect([...grads.keys()].sort()).toEqual(names.sort());
  });

  test('ten AdamW steps give the losses and gradient norms of PyTorch', () => {
    const { lr, betas, eps, weight_decay, clip_grad_norm, losses, grad_norms } = fixture.golden.adamw;
    const options = { learningRate: lr, beta1: betas[0], beta2: betas[1], epsilon: eps, weightDecay: weight_decay };
    const weights = new Map(Array.from(fixture.weights, ([weight, data]) => [weight, data.slice()]));
    const moments = new Map(
      Array.from(weights, ([weight, data]) => [
        weight,
        { m: new Float64Array(data.length), v: new Float64Array(data.length) },
      ]),
    );
    const got = losses.map((_, i) => {
      const { loss, grads } = crossEntropy(fixture, weights, ids, 24);
      const norm = globalNorm(grads.values());
      for (const [weight, grad] of grads) {
        const [data, moment] = [weights.get(weight), moments.get(weight)];
        if (data && moment) adamw({ weight: data, ...moment }, grad, clipScale(norm, clip_grad_norm), i + 1, options);
      }
      return { loss, norm };
    });
    const because = 'ten steps in f32 against f64';
    expectClose(
      got.map(({ loss }) => loss),
      losses,
      { relative: 1e-5, because },
    );
    expectClose(
      got.map(({ norm }) => norm),
      grad_norms,
      { relative: 1e-4, because },
    );
  });

  test.each(Object.entries(fixture.golden.grpo.variants))(
    'GRPO variant %s gives the numbers of TRL',
    (variant, golden) => {
      const { temperature = 1, ...settings } = golden.settings as Partial<GrpoLossOptions> & { temperature?: number };
      const options = {
        ...LOSS_DEFAULTS,
        max_completion_length: fixture.golden.grpo.max_completion_length,
        ...settings,
      };
      const packed = packRollouts(fixture);
      const model = referenceModel(fixture.architecture, fixture.weights, packed.ids, packed.starts);
      const { logp, entropy } = logProb(model.logits, packed.targets, temperature);
      const { loss, dLogp, dEntropy, metrics } = grpoLoss({ ...packed, logp, entropy }, options);

      const because = 'TRL computed in f32';
      expectClose([loss], [golden.loss], { absolute: 2e-6, relative: 4e-6, because });
      expect(Object.keys(metrics).sort()).toEqual(Object.keys(golden.metrics).sort());
      for (const [metric, value] of Object.entries(golden.metrics)) {
        expectClose([metrics[metric] ?? Number.NaN], [value], { absolute: 2e-6, because: `${metric}: ${because}` });
      }

      const grads = model.backward(logProbBackward(dLogp, dEntropy, model.logits, packed.targets, temperature));
      expectClose([globalNorm(grads.values())], [golden.grad_norm], { relative: 1e-5, because });
      const prefix = `grpo.${variant}.grad.`;
      for (const name of fixture.tensorNames.filter((tensorName) => tensorName.startsWith(prefix))) {
        const grad = grads.get(fixture.parameterOf(name.slice(prefix.length))) ?? new Float64Array(0);
        expect(relativeL2(grad, fixture.tensor(name)), name).toBeLessThan(1e-5);
      }
    },
  );

  test('log-probabilities and entropies of rollouts are those of TRL', () => {
    const packed = packRollouts(fixture);
    const model = referenceModel(fixture.architecture, fixture.weights, packed.ids, packed.starts);
    const { logp, entropy } = logProb(model.logits, packed.targets, 1);
    const active = packed.mask.flatMap((counts, n) => (counts ? [n] : []));
    const tolerance = { absolute: 1e-5, because: 'transformers computed in f32' };
    expectClose(
      active.map((n) => at(logp, n)),
      active.map((n) => at(packed.logp, n)),
      tolerance,
    );
    expectClose(
      active.map((n) => at(entropy, n)),
      active.map((n) => at(packed.entropy, n)),
      tolerance,
    );
  });

  test('greedy decoding continues as transformers does', () => {
    const { prompt, continuation } = fixture.golden.greedy;
    const tokens = [...prompt];
    for (const _ of continuation) {
      const { logits } = referenceModel(
        fixture.architecture,
        fixture.weights,
        tokens,
        tokens.map(() => 0),
      );
      const last = logits.subarray(logits.length - fixture.architecture.vocabulary);
      tokens.push(last.indexOf(Math.max(...last)));
    }
    expect(tokens.slice(prompt.length)).toEqual(continuation);
  });
});

describe.each(FAMILY_FIXTURES)('the reference model on %s', (name) => {
  const fixture = loadFixture(name);

  test('its logits, loss and gradients are those of transformers', () => {
    const ids = fixture.tensor('input_ids');
    const { logits } = referenceModel(fixture.architecture, fixture.weights, ids, rowStarts(48, 24));
    expectClose(logits, fixture.tensor('logits'), { absolute: 1e-5, because: 'transformers computed in f32' });
    const { loss, grads } = crossEntropy(fixture, fixture.weights, ids, 24);
    expectClose([loss], [fixture.golden.loss], { absolute: 2e-6, because: 'PyTorch computed in f32' });
    for (const weight of fixture.weights.keys()) {
      const grad = grads.get(weight) ?? new Float64Array(0);
      expect(relativeL2(grad, fixture.tensor(`grad.${fixture.diskName(weight)}`)), weight).toBeLessThan(1e-5);
    }
    expect([...grads.keys()].sort()).toEqual([...fixture.weights.keys()].sort());
  });
});

describe('the rest of the family', () => {
  const { architecture } = loadFixture('deepseek_v3_qlora_yarn');
  const sizes = { heads: 2, nope: 2, value: 3, rank: 3, queryRank: 3, hasBias: true };
  const small: Architecture = {
    ...architecture,
    vocabulary: 5,
    width: 4,
    isTied: true,
    layers: architecture.layers.map(({ attention, feedForward, epsilon }) => ({
      attention: {
        ...(attention as LatentAttention),
        ...sizes,
        rope: { ...(attention as LatentAttention).rope, width: 2, isInterleaved: false },
      },
      feedForward:
        feedForward.kind === 'dense'
          ? { ...feedForward, hidden: 3 }
          : { ...feedForward, hidden: 2, numExperts: 4, isNormalized: false, numShared: 2 },
      epsilon,
    })),
  };
  const ids = [3, 0, 3, 4, 1, 2, 2];
  const starts = [0, 0, 0, 0, 4, 4, 4];
  const shapes = parameterShapes(small);
  const weights = new Map(Array.from(shapes, ([name, shape], i) => [name, normals(numElements(shape), i)]));

  test('with biases, tied embeddings, half-split RoPE and raw router scores, every gradient is its derivative', () => {
    const dLogits = normals(ids.length * small.vocabulary, 100);
    const grads = referenceModel(small, weights, ids, starts).backward(dLogits);
    for (const [name, grad] of grads) {
      const loss = (value: Float64Array) =>
        weighted(referenceModel(small, new Map(weights).set(name, value), ids, starts).logits, dLogits);
      expectGradient(grad, loss, weights.get(name) ?? new Float64Array(0));
    }
    expect([...grads.keys()].sort()).toEqual([...shapes.keys()].filter((name) => !isBuffer(name)).sort());
  });

  test('packed sequences give what each gives alone', () => {
    const packed = referenceModel(small, weights, ids, starts).logits;
    const alone = [ids.slice(0, 4), ids.slice(4)].flatMap((tokens) => [
      ...referenceModel(
        small,
        weights,
        tokens,
        tokens.map(() => 0),
      ).logits,
    ]);
    expect([...packed]).toEqual(alone);
  });

  test('a missing weight is named', () => {
    const fewer = new Map(weights);
    fewer.delete('norm.weight');
    expect(() => referenceModel(small, fewer, ids, starts)).toThrow('norm.weight');
  });
});
