// The first step of an exported job is the same here and under TRL: what is read of a rollout, its rewards and advantages, and
// the step's loss and gradient. The fixture is TRL's step on the job's own data (reference/python/make_first_step.py).
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { type DeviceBuffer, whole } from '../device/contract';
import { loadLanguageModel } from '../engine/languageModel';
import { scoreSamples } from '../rewards/registry';
import { parseCompletion } from '../tasks/completion';
import { getTask } from '../tasks/registry';
import { expectClose } from '../testing/close';
import { setUpRuntime } from '../testing/tinyModel';
import { advantages, decoupledAdvantages } from '../trainer/grpo/advantages';
import { type GrpoOptions, grpoConfig } from '../trainer/grpo/grpoConfig';
import { GrpoUpdater } from '../trainer/grpo/grpoUpdate';
import { readModel } from './models';

interface Rollout {
  readonly task: string;
  readonly question: string;
  readonly answer: string;
  readonly prompt: readonly number[];
  readonly completion: readonly number[];
  readonly rewards: Readonly<Record<string, number>>;
}

interface Step {
  readonly settings: GrpoOptions;
  readonly loss: number;
  readonly grad_norm: number;
  readonly reward: number;
  readonly advantages: readonly number[];
}

const fixture = new URL('../testing/fixtures/first_steps.json', import.meta.url);
const trl: {
  readonly settings: GrpoOptions;
  readonly rollouts: readonly Rollout[];
  readonly cases: Readonly<Record<string, Step>>;
} = JSON.parse(readFileSync(fixture, 'utf8'));
const WEIGHTS = { accuracy: 1, format: 0.1 };
const ALLOWED = { relative: 1e-4, absolute: 1e-4, because: 'f32 sums in another order' };

const runtime = setUpRuntime();

test.each(Object.entries(trl.cases))('with %s', async (_, step) => {
  const { settings } = step;
  const { rollouts } = trl;
  const { name, folder } = await readModel('base');
  const model = await loadLanguageModel(runtime(), name, folder, true);
  const { tokenizer, weights } = model;
  const config = grpoConfig({ beta: 0, max_completion_length: trl.settings.max_completion_length, ...settings });

  for (const { question, prompt } of rollouts) expect(tokenizer.encodePrompt(question)).toEqual(prompt);
  const samples = await Promise.all(
    rollouts.map(async ({ task, question, answer, completion: tokens }) => {
      const problem = { task, question, answer };
      const completion = parseCompletion(tokenizer.decode(tokens));
      const verdict = await getTask(task).verify(problem, completion.answer, runtime().sandbox);
      return { problem, completion, verdict, numTokens: tokens.length, maxTokens: 48, truncated: false };
    }),
  );
  const scores = await scoreSamples(samples, { reward_weights: WEIGHTS, custom_reward: '' }, runtime().sandbox);
  expect(scores.map((one) => one.scores)).toEqual(rollouts.map(({ rewards }) => rewards));

  const size = trl.settings.num_generations ?? 8;
  const names = Object.keys(WEIGHTS);
  const { advantages: found, rewardMean } =
    config.multi_objective_aggregation === 'sum_then_normalize'
      ? advantages(
          scores.map(({ total }) => total),
          size,
          config.scale_rewards,
        )
      : decoupledAdvantages(
          {
            scores: scores.map((one) => names.map((name) => one.scores[name] as number)),
            weights: Object.values(WEIGHTS),
          },
          size,
        );
  expectClose([rewardMean], [step.reward], ALLOWED);
  expectClose(found, step.advantages, ALLOWED);

  const { device, readback } = runtime();
  for (const { gradient, size } of gradientsOf()) device.write(gradient, new Float32Array(size / 4));
  const numTokens = rollouts.reduce((sum, { completion }) => sum + completion.length, 0);
  const shape = { capacity: 2048, maxRollouts: rollouts.length, temperature: 1, scoresEntropies: true };
  const updater = await GrpoUpdater.create(runtime(), weights, { ...shape, scoredTokens: 2 * numTokens });
  const learned = rollouts.map(({ prompt, completion }, i) => ({
    prompt: [...prompt],
    completion: [...completion],
    oldLogps: new Array<number>(completion.length).fill(0),
    advantage: found[i] as number,
    isMasked: false,
  }));
  const { loss } = await updater.accumulate({
    rollouts: learned,
    options: config,
    numItemsInBatch: numTokens,
    isOnPolicy: true,
    isFresh: false,
    cut: await updater.entropyCut(learned, config, false),
  });
  let squares = 0;
  for (const { gradient } of gradientsOf()) {
    for (const value of await readback.readF32(whole(gradient))) squares += value ** 2;
  }
  expectClose([loss], [step.loss], ALLOWED);
  expectClose([Math.sqrt(squares)], [step.grad_norm], ALLOWED);
  updater.destroy();
  weights.destroy();

  function gradientsOf() {
    return weights.pools.map(({ gradient }) => ({
      gradient: gradient as DeviceBuffer,
      size: (gradient as DeviceBuffer).size,
    }));
  }
});
