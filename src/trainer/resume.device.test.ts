// A run is a pure function of its settings: the same twice, the same when it was stopped and resumed, and it takes no more
// memory the longer it goes on.
import { describe, expect, it } from 'vitest';
import type { LanguageModel } from '../engine/languageModel';
import { getTask } from '../tasks/registry';
import { setUpRuntime, tinyModel, tinyRecipe } from '../testing/tinyModel';
import { GrpoTraining } from './grpo/grpo';
import { type GrpoOptions, grpoConfig } from './grpo/grpoConfig';
import { LikelihoodTraining } from './texts/likelihoodTraining';
import { corpusText } from './texts/pretrain';

const runtime = setUpRuntime();

async function readWeights(model: LanguageModel): Promise<Map<string, Uint8Array>> {
  const tensors = await model.weights.read(runtime().readback);
  return new Map([...tensors].map(([name, { data }]) => [name, new Uint8Array(data.slice().buffer)]));
}

describe('GRPO', () => {
  /** Everything that a step remembers is in play: reference and its renewal, mini-batches, repeated passes, a schedule. */
  const OPTIONS: GrpoOptions = {
    num_prompts: 2,
    num_generations: 4,
    max_completion_length: 12,
    learning_rate: 1e-2,
    lr_scheduler_type: 'linear',
    warmup_steps: 2,
    max_steps: 64,
    beta: 0.05,
    sync_ref_model: true,
    ref_model_sync_steps: 3,
    num_iterations: 2,
    steps_per_generation: 2,
    // Lengths differ between untrained rollouts, so every step has something to learn.
    reward_weights: { soft_overlong: 1, format: 1, language_consistency_en: 0.5 },
    seed: 7,
  };

  async function start(options = OPTIONS): Promise<GrpoTraining> {
    const model = await tinyModel(runtime(), true);
    const difficulty = { min_terms: 2, max_terms: 3, max_number: 9 };
    return GrpoTraining.create(runtime(), model, getTask('chained_sums'), difficulty, grpoConfig(options));
  }

  async function release(trainer: GrpoTraining): Promise<void> {
    await trainer.destroy();
    trainer.model.weights.destroy();
  }

  const timeless = (metrics: Record<string, number>) =>
    Object.entries(metrics).filter(([name]) => !/time|per_second|^submit|^memory/.test(name));

  it('gives the same bits twice, and the same bits again when stopped and resumed', async () => {
    const whole = await start();
    const before = await readWeights(whole.model);
    const steps = [await whole.takeStep(), await whole.takeStep(), await whole.takeStep(), await whole.takeStep()];
    const after = await readWeights(whole.model);
    await release(whole);
    expect(after).not.toEqual(before);
    expect(steps.every((step) => (step.metrics.grad_norm as number) > 0)).toBe(true);

    const first = await start();
    expect(timeless((await first.takeStep()).metrics)).toEqual(timeless(steps[0]?.metrics ?? {}));
    await first.takeStep();
    const snapshot = await first.remember();
    const tensors = await first.model.weights.read(runtime().readback);
    await release(first);

    const second = await start();
    await second.model.weights.write(tensors);
    second.restore(snapshot);
    expect(timeless((await second.takeStep()).metrics)).toEqual(timeless(steps[2]?.metrics ?? {}));
    expect(timeless((await second.takeStep()).metrics)).toEqual(timeless(steps[3]?.metrics ?? {}));
    expect(await readWeights(second.model)).toEqual(after);
    await release(second);
  });

  it('takes another course with another seed', async () => {
    const [one, other] = [await start(), await start({ ...OPTIONS, seed: 8 })];
    expect(timeless((await one.takeStep()).metrics)).not.toEqual(timeless((await other.takeStep()).metrics));
    await Promise.all([release(one), release(other)]);
  });

  it('holds as much device memory after many steps as before the first, and gives all of it back', async () => {
    const { memory } = runtime().device;
    const freeBytes = memory.bytes;
    const trainer = await start();
    const heldBytes = memory.bytes;
    for (let step = 0; step < 14; step++) await trainer.takeStep();
    await trainer.remember();
    expect(memory.bytes).toBe(heldBytes);
    await release(trainer);
    expect(memory.bytes).toBeLessThanOrEqual(freeBytes);
  });
});

describe('training on texts', () => {
  const recipe = tinyRecipe({ steps: 6 });

  async function start(): Promise<{ model: LanguageModel; run: LikelihoodTraining }> {
    const model = await tinyModel(runtime(), true, recipe);
    const textAt = (index: number) => corpusText(recipe, model.tokenizer, index);
    return { model, run: await LikelihoodTraining.create(runtime(), model, recipe, textAt) };
  }

  it('gives the same bits again when stopped and resumed', async () => {
    const whole = await start();
    while (!whole.run.isDone) await whole.run.run();
    const after = await readWeights(whole.model);

    const first = await start();
    for (let step = 0; step < 3; step++) await first.run.run();
    const snapshot = await first.run.remember();
    const second = await start();
    await second.model.weights.write(await first.model.weights.read(runtime().readback));
    second.run.restore(snapshot);
    while (!second.run.isDone) await second.run.run();
    expect(await readWeights(second.model)).toEqual(after);
    expect(await readWeights(first.model)).not.toEqual(after);

    for (const { run, model } of [whole, first, second]) {
      run.destroy();
      model.weights.destroy();
    }
  });
});
