// What holds of every built-in reward, whatever a model writes to a problem of whatever task.
import fc from 'fast-check';
import { afterAll, describe, expect, test, vi } from 'vitest';
import { rng } from '../lib/rng';
import { createNodeSandbox } from '../sandbox/nodeSandbox';
import { formatCompletion, parseCompletion, TAGS } from '../tasks/completion';
import { task as chainedSums } from '../tasks/kinds/chainedSums';
import { allTasks, getTask } from '../tasks/registry';
import { computedMs } from '../testing/machineLoad';
import { rewardTexts } from './about';
import { allRewards, getReward } from './registry';
import type { Sample } from './reward';

const NUM_CASES = 10_000;
// Each takes seconds; a machine with other work may take several times as long.
vi.setConfig({ testTimeout: 60_000 });

const sandbox = createNodeSandbox();
afterAll(() => sandbox.close());

/** Stands for the right answer. */
const RIGHT = '§';
const piece = fc.oneof(
  fc.constantFrom(...TAGS, '</answer', '<think', '< think>', '<THINK>', '\u0000', '\ufeff', '\u202e', '\ud800'),
  fc.constantFrom(' then ', '然后', ' wait ', '等等', '=', '+', '--', '0', '1e999', '0x1f', '٣', '１', '∞', 'NaN'),
  fc
    .tuple(fc.integer(), fc.constantFrom('+', '-'), fc.integer(), fc.integer())
    .map(([a, op, b, c]) => `${a}${op}${b}=${c}`),
  fc.constantFrom(RIGHT, `+${RIGHT}`, `${RIGHT}.0`),
  fc.string({ unit: 'binary' }),
);
const written = fc.array(piece, { maxLength: 24 }).map((pieces) => pieces.join(''));
const anyText = fc.oneof(
  { weight: 6, arbitrary: written },
  { weight: 3, arbitrary: fc.tuple(written, written).map(([thinking, answer]) => formatCompletion(thinking, answer)) },
  { weight: 1, arbitrary: fc.tuple(piece, fc.integer({ min: 1, max: 400 })).map(([one, n]) => one.repeat(n)) },
);
const anyCount = fc.oneof(fc.integer({ min: 0, max: 300 }), fc.maxSafeNat());

interface Given {
  readonly task: string;
  readonly seed: number;
  readonly text: string;
  readonly numTokens: number;
  readonly maxTokens: number;
  readonly passed: number;
  readonly total: number;
}
const anyGiven: fc.Arbitrary<Given> = fc
  .record({
    task: fc.constantFrom(...allTasks().map(({ name }) => name)),
    seed: fc.nat(),
    text: anyText,
    numTokens: anyCount,
    maxTokens: anyCount,
    passed: fc.nat(),
    total: fc.integer({ min: 1, max: 99 }),
  })
  .map((given) => ({ ...given, passed: given.passed % (given.total + 1) }));

async function sampleOf({ task: name, seed, text, numTokens, maxTokens, passed, total }: Given): Promise<Sample> {
  const task = getTask(name);
  const problem = task.generate(rng(seed, 'problem'), {});
  const completion = parseCompletion(text.replaceAll(RIGHT, problem.answer));
  const judged = await task.verify(problem, completion.answer, sandbox);
  const verdict = { cases: { passed, total }, ...judged };
  return { problem, completion, verdict, numTokens, maxTokens, truncated: numTokens >= maxTokens };
}

describe.each(allRewards())('the reward $name', (reward) => {
  const [least, most] = reward.range;

  test('scores any completion within its range, and the same again', async () => {
    await fc.assert(
      fc.asyncProperty(anyGiven, async (given) => {
        const one = await sampleOf(given);
        const score = reward.score(one);
        return score === reward.score(one) && (score === null || (score >= least && score <= most));
      }),
      { numRuns: NUM_CASES },
    );
  });

  test('reads an enormous completion in less than a second', async () => {
    for (const one of ['<think>', '</think><answer>', '1+1=', '1+1=2 then ', '然后', '<answer>', ' ', '-', '9']) {
      const long = one.repeat(Math.ceil(100_000 / one.length));
      for (const text of [long, formatCompletion(long, long)]) {
        const given = { task: 'chained_sums', seed: 1, text, numTokens: 1, maxTokens: 1, passed: 1, total: 1 };
        const sample = await sampleOf(given);
        const startMs = computedMs();
        const score = reward.score(sample);
        expect(computedMs() - startMs).toBeLessThan(1000);
        expect(score ?? least).toBeGreaterThanOrEqual(least);
      }
    }
  });
});

test('every reward says what it is called and what it is for, in both languages', () => {
  const [english, chinese] = [rewardTexts('en'), rewardTexts('zh')];
  const names = allRewards().map(({ name }) => name);
  expect([Object.keys(english), Object.keys(chinese)]).toEqual([names, names]);
  for (const { label, help } of Object.values(english)) expect(`${label}: ${help}`).toMatch(/^\S.*: [A-Z1].*\.$/);
  for (const { label, help } of Object.values(chinese))
    expect([label, help]).toEqual([
      expect.stringMatching(/\p{Script=Han}/u),
      expect.stringMatching(/\p{Script=Han}.*。$/u),
    ]);
});

test('what is malformed, or wrong, is worth nothing', async () => {
  await fc.assert(
    fc.asyncProperty(anyGiven, async (given) => {
      // No task takes a number sign in an answer.
      const one = await sampleOf({ ...given, text: given.text.replaceAll('</answer>', '#</answer>') });
      expect(getReward('accuracy').score(one)).toBe(0);
      if (one.problem.task === 'programs') expect(getReward('cases_passed').score(one)).toBe(0);
      const open = await sampleOf({ ...given, text: given.text.replaceAll('</answer>', '') });
      expect([getReward('accuracy').score(open), getReward('format').score(open)]).toEqual([0, 0]);
    }),
    { numRuns: NUM_CASES },
  );
});

test('one core gives far more than 10,000 scores a second', () => {
  const style = { language: 'mixed', selfCheck: true } as const;
  const samples = Array.from({ length: 200 }, (_, i) => {
    const asked = chainedSums.generate(rng(i, 'problem'), {});
    const completion = parseCompletion(
      formatCompletion(chainedSums.think(asked, style, rng(i, 'corpus')), asked.answer),
    );
    const verdict = chainedSums.verify(asked, completion.answer);
    return { problem: asked, completion, verdict, numTokens: 60, maxTokens: 64, truncated: false };
  });
  const rates = Array.from({ length: 5 }, () => {
    const startMs = computedMs();
    for (const one of samples) for (const reward of allRewards()) reward.score(one);
    return (samples.length * allRewards().length * 1000) / (computedMs() - startMs);
  });
  console.log(`built-in rewards: ${Math.round(Math.max(...rates)).toLocaleString('en')} scores a second`);
  expect(Math.max(...rates)).toBeGreaterThan(10_000);
});
