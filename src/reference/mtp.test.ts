// The module for further tokens, against DeepSeek-V3's equations in PyTorch (reference/python/make_mtp.py).
import { expect, test } from 'vitest';
import { isBuffer } from '../model/parameterShapes';
import { expectClose, relativeL2 } from '../testing/close';
import { loadMtpFixture } from '../testing/mtpFixture';
import { at, type Numbers } from './array';
import { logProb, logProbBackward } from './logProb';
import { referenceModel } from './model';

const { fixture, sequences, losses } = loadMtpFixture();
const ids = sequences.flat();
const length = sequences[0]?.length ?? 0;
const starts = ids.map((_, n) => n - (n % length));
const model = () => referenceModel(fixture.architecture, fixture.weights, ids, starts);

/** −Σ log p of the token `ahead` places further over the number of tokens that the model predicts, and its slopes. */
function crossEntropy(logits: Numbers, ahead: number, factor: number) {
  const counted = ids.map((_, n) => (n % length < length - ahead ? 1 : 0));
  const numTokens = ids.length - sequences.length;
  const targets = ids.map((_, n) => ids[n + ahead] ?? 0);
  const { logp } = logProb(logits, targets, 1);
  const dLogp = counted.map((count) => (-factor * count) / numTokens);
  return {
    loss: -counted.reduce<number>((total, count, n) => total + count * at(logp, n), 0) / numTokens,
    slopes: logProbBackward(dLogp, new Float64Array(ids.length), logits, targets, 1),
  };
}

test('its logits are those of PyTorch', () => {
  const { logits, furtherLogits } = model();
  const because = 'PyTorch computed in f32';
  expectClose(logits, fixture.tensor('logits'), { absolute: 1e-5, because });
  expectClose(furtherLogits ?? [], furtherGolden(), { absolute: 1e-5, because });

  /** A sequence's last row is of the next sequence's first token here, of token 0 there. */
  function furtherGolden(): Float64Array {
    const golden = fixture.tensor('further_logits').slice();
    const vocabulary = golden.length / ids.length;
    for (let n = length - 1; n < ids.length; n += length)
      golden.set((furtherLogits as Float64Array).subarray(n * vocabulary, (n + 1) * vocabulary), n * vocabulary);
    return golden;
  }
});

test('its loss and every gradient are those of PyTorch', () => {
  const reference = model();
  const main = crossEntropy(reference.logits, 1, 1);
  const further = crossEntropy(reference.furtherLogits ?? [], 2, losses.lambda);
  const because = 'PyTorch computed in f32';
  expectClose([main.loss, further.loss], [losses.loss, losses.mtp_loss], { absolute: 2e-6, because });
  const gradients = reference.backward(main.slopes, further.slopes);
  const names = [...fixture.weights.keys()].filter((name) => !isBuffer(name));
  expect([...gradients.keys()].sort()).toEqual(names.sort());
  for (const [name, gradient] of gradients)
    expect(relativeL2(gradient, fixture.tensor(`grad.${fixture.diskName(name)}`)), name).toBeLessThan(1e-5);
});
