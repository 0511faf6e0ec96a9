import * as v from 'valibot';
import { expect, it } from 'vitest';
import { getTask } from '../../tasks/registry';
import { setUpRuntime, tinyModel, tinyRecipe } from '../../testing/tinyModel';
import { DistillationTraining } from './distillation';
import { distillationConfigSchema } from './distillationConfig';

const runtime = setUpRuntime();

it('draws a student of another size to its teacher on the student’s own answers', async () => {
  const teacher = await tinyModel(runtime(), false);
  const recipe = tinyRecipe({ seed: 9, model: { ...tinyRecipe().model, hidden_size: 24, num_hidden_layers: 1 } });
  const student = await tinyModel(runtime(), true, recipe);
  const config = v.parse(distillationConfigSchema, {
    num_prompts: 4,
    num_generations: 4,
    max_completion_length: 12,
    learning_rate: 1e-2,
    lr_scheduler_type: 'constant',
    max_steps: 12,
  });
  const create = (model: typeof student) =>
    DistillationTraining.create(runtime(), model, teacher, getTask('chained_sums'), recipe.difficulty, config);
  const trainer = await create(student);
  const losses: number[] = [];
  for (let step = 0; step < config.max_steps; step++) losses.push((await trainer.run()).loss as number);
  expect(losses[0]).toBeGreaterThan(0.1);
  expect(losses.at(-1)).toBeLessThan(0.7 * (losses[0] as number));
  await trainer.destroy();

  const itself = await tinyModel(runtime(), true);
  const same = await create(itself);
  // f32 sums over rows that are equal: nothing is left to learn.
  expect(Math.abs((await same.run()).loss as number)).toBeLessThan(1e-6);
  await same.destroy();
  for (const model of [teacher, student, itself]) model.weights.destroy();
});

it('gives the same bits where layers are computed again in the backward pass', async () => {
  const teacher = await tinyModel(runtime(), false);
  const losses = async (gradient_checkpointing: boolean) => {
    const student = await tinyModel(runtime(), true, tinyRecipe({ seed: 9 }));
    const options = {
      num_prompts: 2,
      num_generations: 2,
      max_completion_length: 8,
      max_steps: 3,
      gradient_checkpointing,
    };
    const config = v.parse(distillationConfigSchema, { ...options, lr_scheduler_type: 'constant' });
    const training = await DistillationTraining.create(
      runtime(),
      student,
      teacher,
      getTask('chained_sums'),
      {},
      config,
    );
    const steps = [await training.run(), await training.run(), await training.run()];
    await training.destroy();
    student.weights.destroy();
    return steps.map(({ loss, grad_norm }) => [loss, grad_norm]);
  };
  expect(await losses(true)).toEqual(await losses(false));
  teacher.weights.destroy();
});

it('refuses a teacher with another tokenizer', async () => {
  const [teacher, student] = [await tinyModel(runtime(), false), await tinyModel(runtime(), true)];
  const other = { ...teacher, tokenizer: { ...teacher.tokenizer, tokenizerJson: {} } };
  const config = v.parse(distillationConfigSchema, {});
  await expect(
    DistillationTraining.create(runtime(), student, other, getTask('chained_sums'), {}, config),
  ).rejects.toThrow(/different tokenizers.*rejection sampling/);
  for (const model of [teacher, student]) model.weights.destroy();
});
