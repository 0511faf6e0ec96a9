// What a trainer does in the optimizer steps on a generation, beyond the numbers that parity.device.test.ts holds to TRL's.
import { expect, it } from 'vitest';
import { rng } from '../../lib/rng';
import { getTask } from '../../tasks/registry';
import { sampleProblem } from '../../tasks/split';
import { expectClose } from '../../testing/close';
import { setUpRuntime, tinyModel } from '../../testing/tinyModel';
import { GrpoTraining } from './grpo';
import { type GrpoOptions, grpoConfig, numSteps } from './grpoConfig';

const runtime = setUpRuntime();

const DIFFICULTY = { min_terms: 2, max_terms: 3, max_number: 9 };
const OPTIONS: GrpoOptions = {
  num_prompts: 2,
  num_generations: 4,
  max_completion_length: 12,
  learning_rate: 1e-2,
  reward_weights: { custom: 1 },
  custom_reward: 'const reward = ({ completion }) => completion.length;',
  seed: 7,
};

async function train<T>(options: GrpoOptions, use: (trainer: GrpoTraining) => Promise<T>): Promise<T> {
  const model = await tinyModel(runtime(), true);
  const config = grpoConfig({ ...OPTIONS, ...options });
  const trainer = await GrpoTraining.create(runtime(), model, getTask('chained_sums'), DIFFICULTY, config);
  const result = await use(trainer);
  await trainer.destroy();
  model.weights.destroy();
  return result;
}

it('stops at max_steps, in the middle of a generation where that is where it lies', async () => {
  await train({ num_iterations: 2, max_steps: 3 }, async (trainer) => {
    expect(numSteps(trainer.config)).toBe(2);
    const [first, second] = [await trainer.takeStep(), await trainer.takeStep()];
    const { meta, arrays } = await trainer.remember();
    expect(meta).toMatchObject({ step: 2, optimizerSteps: 3 });
    expect(arrays.state?.[0]).toBeCloseTo(0.9 ** 3, 6);
    // The linear rates of the second and of the third and last optimizer step.
    expectClose([first.metrics.learning_rate as number, second.metrics.learning_rate as number], [2e-2 / 3, 1e-2 / 3], {
      relative: 1e-12,
      because: 'f64',
    });
    await expect(trainer.takeStep()).rejects.toThrow(/all 3 optimizer steps/);
  });
});

it.each([0, 1])(
  'mixes the questions before it cuts them, whether or not question %i teaches anything',
  async (index) => {
    const { question } = sampleProblem(getTask('chained_sums'), DIFFICULTY, 'train', rng(7, 'problem', 0, index));
    const custom_reward =
      `const reward = ({ question, completion }) => (question === ${JSON.stringify(question)} ? 0 : ` +
      `completion.length);`;
    // The first of two mini-batches, which would be the first question's, is all that is learned from.
    const { metrics, groups } = await train({ custom_reward, steps_per_generation: 2, max_steps: 1 }, (trainer) =>
      trainer.takeStep(),
    );
    expect(groups[index]?.members.every(({ advantage }) => advantage === 0)).toBe(true);
    expect(groups[1 - index]?.members.some(({ advantage }) => advantage !== 0)).toBe(true);
    expect(metrics.grad_norm).toBeGreaterThan(0);
  },
);

it('holds every optimizer step on a generation to the reference that the generation met', async () => {
  const options = { beta: 0.5, num_iterations: 3, max_steps: 3, ref_model_mixup_alpha: 1 };
  const [kept, renewed] = [
    await train(options, (trainer) => trainer.takeStep()),
    await train({ ...options, sync_ref_model: true, ref_model_sync_steps: 1 }, (trainer) => trainer.takeStep()),
  ];
  expect(kept.metrics.kl).toBeGreaterThan(0);
  for (const name of ['loss', 'kl', 'grad_norm']) expect(renewed.metrics[name]).toBe(kept.metrics[name]);
});

it('compares trainer and sampler, not the policy before and after it has moved', async () => {
  const { metrics } = await train({ num_iterations: 4, max_steps: 4 }, (trainer) => trainer.takeStep());
  expect(metrics['sampling/sampling_logp_difference/max']).toBeLessThan(1e-5);
});

it.each([{ top_p: 0.5 }, { top_k: 3 }])(
  'says how far the sampler’s distribution is from the trainer’s: %o',
  async (cut) => {
    const { metrics, groups } = await train({ ...cut, max_steps: 1 }, (trainer) => trainer.takeStep());
    const rollouts = groups.flatMap(({ members }) => members.map(({ answer }) => answer.rollout));
    const differences = rollouts.flatMap(({ logps, drawnLogps }) =>
      logps.map((logp, t) => (drawnLogps[t] as number) - logp),
    );
    // What is left of the vocabulary is renormalised, so each of its tokens is likelier.
    expect(Math.min(...differences)).toBeGreaterThan(0.05);
    const mean = differences.reduce((sum, difference) => sum + difference, 0) / differences.length;
    const logged = ['mean', 'max'].map((name) => metrics[`sampling/sampling_logp_difference/${name}`] as number);
    expectClose(logged, [mean, Math.max(...differences)], {
      absolute: 1e-5,
      because: 'trainer and sampler agree to rounding',
    });
  },
);
