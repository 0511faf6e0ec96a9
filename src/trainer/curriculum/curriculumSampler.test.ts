// What a step asks, keeps and pays for, with a made-up generator: no device.
import { expect, it } from 'vitest';
import type { GenerateRequest } from '../../engine/generateRequest';
import type { Generator } from '../../engine/generator';
import type { LanguageModel } from '../../engine/languageModel';
import type { Rollout } from '../../engine/rollout';
import type { Runtime } from '../../engine/runtime';
import { formatCompletion } from '../../tasks/completion';
import { sizedProblems } from '../../tasks/proposals';
import { getTask } from '../../tasks/registry';
import { isHeldOut } from '../../tasks/split';
import { buildTokenizerJson } from '../../tokenizer/build';
import { createTokenizer } from '../../tokenizer/tokenizer';
import { grpoConfig } from '../grpo/grpoConfig';
import { CurriculumSampler } from './curriculumSampler';
import { frontierOf } from './frontier';

const task = getTask('chained_sums');
const tokenizer = createTokenizer(buildTokenizerJson([task]));
const sums = {
  ...sizedProblems(task, { min_terms: 2, max_number: 9 }, { dial: 'max_terms', least: 2, most: 6 }),
  temperature: 1.4,
};
const config = grpoConfig({ num_prompts: 8, num_generations: 4, reward_weights: { accuracy: 1, learnable: 1 } });
const model = {
  ...{ tokenizer, generation: {} },
  weights: { clearLoads: () => {} },
} as unknown as LanguageModel;

/** Of these the first was never asked in training. */
const trainable = (text: string) => !isHeldOut(task.parse(text) ?? { task: '', question: '', answer: '' });
const [EASY, HARD, FAIR] = ['1+1=?', '2+3-4+5+1+1=?', '3+4-2=?'].map((text) =>
  [text, ...Array.from({ length: 9 }, (_, i) => text.replace(/\d/, `${i}`))].find(trainable),
) as [string, string, string];

/** How many of the four answers to each problem are right. */
const RIGHT: Readonly<Record<string, number>> = { [EASY]: 4, [HARD]: 0, [FAIR]: 2 };
const ASKED = [EASY, FAIR, HARD, FAIR, '3+', EASY, HARD, '?'];

function rollout(group: number, member: number, text: string): Rollout {
  const tokens = [...tokenizer.encode(text), tokenizer.eosId];
  const logps = tokens.map(() => -0.1);
  return { group, member, tokens, logps, drawnLogps: logps, entropies: logps, alternatives: [], stop: 'end' };
}

const generator = {
  generate: async ({ prompts, members }: GenerateRequest) =>
    prompts.flatMap((prompt, group) =>
      Array.from({ length: members }, (_, member) => {
        const question = tokenizer.decode(prompt.filter((token) => token !== tokenizer.bosId));
        const problem = task.parse(question);
        if (!problem) return rollout(group, member, formatCompletion('', ASKED[group * members + member] ?? ''));
        const isRight = member < (RIGHT[problem.question] ?? 0);
        return rollout(group, member, formatCompletion('', isRight ? problem.answer : '99'));
      }),
    ),
} as unknown as Generator;

it('keeps what is solved now and then, and pays once for having asked it', async () => {
  const sampler = new CurriculumSampler({} as Runtime, model, sums, config, generator);
  const { answers, metrics } = await sampler.sample(0);
  const asked = answers.slice(0, 8);
  expect(asked.map(({ score }) => score.total)).toEqual([0, 1, 0, 0, 0, 0, 0, 0]);
  expect(asked.every(({ score }) => score.scores.accuracy === null)).toBe(true);
  const solved = answers.slice(8);
  expect(solved.map(({ answer }) => answer.problem.question)).toEqual(Array(4).fill(FAIR));
  expect(solved.map(({ score }) => score.total)).toEqual([1, 1, 0, 0]);
  expect(metrics).toMatchObject({
    'curriculum/valid': 6 / 8,
    'curriculum/distinct': 3 / 8,
    'curriculum/kept': 1,
    'curriculum/accuracy': 0.5,
    'curriculum/max_size': 3,
  });
});

it('the frontier is the largest size up to which every one is solved by half', () => {
  const bySize = (...shares: number[]) => shares.map((accuracy, i) => ({ size: 2 + i, accuracy, problems: 64 }));
  expect([bySize(1, 0.5, 0.49, 0.9), bySize(0.2, 0.9), bySize(0.9, 0.9)].map(frontierOf)).toEqual([3, 1, 3]);
});
