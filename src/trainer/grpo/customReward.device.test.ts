// A run rewarded by the reader's own code: what it scores is learned from, and where it fails nothing is.
import { expect, it } from 'vitest';
import { getTask } from '../../tasks/registry';
import { setUpRuntime, tinyModel } from '../../testing/tinyModel';
import { GrpoTraining } from './grpo';
import { type GrpoOptions, grpoConfig } from './grpoConfig';

const runtime = setUpRuntime();

const OPTIONS: GrpoOptions = {
  num_prompts: 3,
  num_generations: 4,
  max_completion_length: 12,
  learning_rate: 1e-2,
  max_steps: 4,
  reward_weights: { custom: 1 },
  seed: 7,
};

async function run(custom_reward: string, numSteps: number) {
  const model = await tinyModel(runtime(), true);
  const config = grpoConfig({ ...OPTIONS, custom_reward });
  const difficulty = { min_terms: 2, max_terms: 3, max_number: 9 };
  const trainer = await GrpoTraining.create(runtime(), model, getTask('chained_sums'), difficulty, config);
  const steps = [];
  for (let i = 0; i < numSteps; i++) steps.push(await trainer.takeStep());
  await trainer.destroy();
  model.weights.destroy();
  return steps;
}

it('learns from the scores, the same every time', async () => {
  const code = 'const reward = ({ completion }) => -completion.length + Math.random() / 8;';
  const [first, again] = [await run(code, 2), await run(code, 2)];
  for (const { metrics } of first) {
    expect(metrics.grad_norm).toBeGreaterThan(0);
    expect(metrics['rewards/custom/errors']).toBe(0);
    expect(metrics.reward).toBe(metrics['rewards/custom/mean']);
  }
  expect(again.map(({ groups }) => groups)).toEqual(first.map(({ groups }) => groups));
});

it('leaves out a group in which it fails, and goes on', async () => {
  const code = `let calls = 0;
const reward = ({ question, completion }) => {
  if (question === BAD && ++calls === 2) return undefined.length;
  return completion.length;
};`;
  const [plain] = await run(code.replace('BAD', '""'), 1);
  const bad = plain?.groups[1]?.problem.question as string;
  const [step] = await run(code.replace('BAD', JSON.stringify(bad)), 1);
  const [before, failed, after] = step?.groups ?? [];
  // An error forgets the count, so of four calls the second fails, and the fourth.
  expect(step?.metrics['rewards/custom/errors']).toBe(2);
  expect(failed).toMatchObject({ isLeftOut: true, rewardMean: Number.NaN });
  expect(failed?.members.map(({ advantage }) => advantage)).toEqual([0, 0, 0, 0]);
  expect(failed?.members[1]?.score.error).toMatchObject({ line: 3, message: expect.stringMatching(/^TypeError/) });
  expect(failed?.members[2]?.score.error).toBeUndefined();
  // The others are what they are without it.
  expect([before, after]).toEqual([plain?.groups[0], plain?.groups[2]]);
  expect(step?.metrics.grad_norm).toBeGreaterThan(0);
  expect(step?.metrics.grad_norm).not.toBe(plain?.metrics.grad_norm);
});

it('takes a step without a change where it fails everywhere', async () => {
  const [step] = await run('const reward = () => { throw "no"; };', 1);
  expect(step?.metrics['rewards/custom/errors']).toBe(12);
  expect(step?.metrics).not.toHaveProperty('reward');
  expect(step?.metrics.grad_norm).toBe(0);
});
