// A module for further tokens learns with the model or alone.
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { loadLanguageModel } from '../../engine/languageModel';
import { directorySource } from '../../formats/huggingface/nodeDirectory';
import { readFolder } from '../../formats/huggingface/readFolder';
import { isOfMtp } from '../../model/parameterShapes';
import { Weights } from '../../model/weights';
import { relativeL2 } from '../../testing/close';
import { loadMtpFixture } from '../../testing/mtpFixture';
import { setUpRuntime, tinyModel, tinyRecipe } from '../../testing/tinyModel';
import { Likelihood, type MtpLoss } from '../objectives/likelihood';
import { sequenceFrom } from '../packing';
import { TokenMean } from '../tokenMean';
import { TrainingBatch, TrainingPass } from '../trainingPass';
import { LikelihoodTraining } from './likelihoodTraining';
import { corpusText, initialFolder } from './pretrain';

const runtime = setUpRuntime();
const FIXTURE = fileURLToPath(new URL('../../testing/fixtures/mtp', import.meta.url));

async function gradients(mtp: MtpLoss) {
  const { device, readback } = runtime();
  const { sequences } = loadMtpFixture();
  const { description, tensors } = await readFolder(directorySource(FIXTURE));
  const weights = await Weights.upload(device, description.architecture, tensors, true);
  const owner = new TrainingBatch(runtime(), weights, 64);
  const objective = new Likelihood(device, owner.capacity, mtp);
  const mean = new TokenMean(await TrainingPass.compile(owner, weights, objective), [owner]);
  mean.accumulate(sequences.map((ids) => sequenceFrom(ids, 1)));
  const loss = await readback.readF32(objective.tokens.loss);
  const further = objective.further ? await readback.readF32(objective.further.loss) : [Number.NaN];
  const found = await weights.readGradients(readback);
  mean.destroy();
  weights.destroy();
  return { loss: loss[0] as number, further: (further[0] as number) / mtp.factor, found, description };
}

test('loss and gradients are those of PyTorch', async () => {
  const { fixture, losses } = loadMtpFixture();
  const { loss, further, found } = await gradients({ use: 'joint', factor: losses.lambda });
  expect(loss).toBeCloseTo(losses.loss, 5);
  expect(further).toBeCloseTo(losses.mtp_loss, 5);
  for (const [name, { data }] of found)
    expect(relativeL2(data, fixture.tensor(`grad.${fixture.diskName(name)}`)), name).toBeLessThan(2e-5);
});

test('alone, it has the gradient that it has with the model, and the model has none', async () => {
  const { fixture, losses } = loadMtpFixture();
  const { found } = await gradients({ use: 'alone', factor: losses.lambda });
  for (const [name, { data }] of found) {
    if (isOfMtp(name, fixture.architecture))
      expect(relativeL2(data, fixture.tensor(`grad.${fixture.diskName(name)}`)), name).toBeLessThan(2e-5);
    else
      expect(
        data.every((value) => value === 0),
        name,
      ).toBe(true);
  }
});

const withModule = (changes: Parameters<typeof tinyRecipe>[0] = {}) =>
  tinyRecipe({ model: { first_k_dense_replace: 1, num_nextn_predict_layers: 1 }, weight_decay: 0.1, ...changes });

async function train(changes: Parameters<typeof tinyRecipe>[0]) {
  const recipe = withModule(changes);
  const model = await tinyModel(runtime(), true, recipe);
  const before = await model.weights.read(runtime().readback);
  const training = await LikelihoodTraining.create(runtime(), model, recipe, (index) =>
    corpusText(recipe, model.tokenizer, index),
  );
  const first = await training.run({ isTold: true });
  while (!training.isDone) await training.run();
  const last = await training.readMetrics();
  const after = await model.weights.read(runtime().readback);
  await training.destroy();
  const moved = [...after].flatMap(([name, { data }]) =>
    data.some((value, i) => value !== before.get(name)?.data[i]) ? [name] : [],
  );
  return { first, last, moved, model };
}

test('its loss falls beside the model’s', async () => {
  const { first, last, moved, model } = await train({ steps: 40 });
  expect(last.mtp_loss).toBeLessThan((first?.mtp_loss ?? 0) - 0.3);
  expect(last.loss).toBeLessThan((first?.loss ?? 0) - 0.3);
  expect(moved.some((name) => isOfMtp(name, model.architecture))).toBe(true);
});

test('alone, it learns, and every number of the model stays as it is', async () => {
  const { first, last, moved, model } = await train({ steps: 40, mtp_freeze_base_model: true });
  expect(last.mtp_loss).toBeLessThan((first?.mtp_loss ?? 0) - 0.3);
  expect(moved.length).toBeGreaterThan(0);
  expect(moved.filter((name) => !isOfMtp(name, model.architecture))).toEqual([]);
});

test('without a loss it stays as it is, weight decay or not', async () => {
  const { last, moved, model } = await train({ mtp_loss_scaling_factor: 0 });
  expect(last).not.toHaveProperty('mtp_loss');
  expect(moved.filter((name) => isOfMtp(name, model.architecture))).toEqual([]);
});

test('the model that it stands beside begins with the same numbers', async () => {
  const [without, beside] = [initialFolder(tinyRecipe()), initialFolder(withModule())];
  for (const [name, tensor] of without.tensors)
    expect(await beside.tensors.get(name)?.read(), name).toEqual(await tensor.read());
});

test('a frozen model without such a module is refused', async () => {
  const recipe = tinyRecipe({ mtp_freeze_base_model: true });
  const model = await loadLanguageModel(runtime(), 'tiny', initialFolder(recipe), true);
  const training = LikelihoodTraining.create(runtime(), model, recipe, (index) =>
    corpusText(recipe, model.tokenizer, index),
  );
  await expect(training).rejects.toMatchObject({ code: 'nothing_trained' });
});
