import { afterAll, describe, expect, test } from 'vitest';
import { createNodeSandbox } from '../sandbox/nodeSandbox';
import { formatCompletion, parseCompletion } from '../tasks/completion';
import { task as chainedSums } from '../tasks/kinds/chainedSums';
import { computedMs } from '../testing/machineLoad';
import {
  checkRewards,
  getReward,
  type RewardOptions,
  RewardValueError,
  type SampleScore,
  scoreSamples,
} from './registry';
import type { Sample } from './reward';

const sandbox = createNodeSandbox();
afterAll(() => sandbox.close());

const problem = { task: 'chained_sums', question: '9-8+3-7=?', answer: '-3' };

function sample(text: string, overrides: Partial<Sample> = {}): Sample {
  const completion = parseCompletion(text);
  const verdict = chainedSums.verify(problem, completion.answer);
  return { problem, completion, verdict, numTokens: 20, maxTokens: 64, truncated: false, ...overrides };
}

const RIGHT = formatCompletion('9-8=1 then 1+3=4 then 4-7=-3', '-3');
const score = (name: string, text: string, overrides?: Partial<Sample>) =>
  getReward(name).score(sample(text, overrides));

describe('accuracy', () => {
  test('is 1 for the right answer and 0 for a wrong, empty or missing one', () => {
    expect(score('accuracy', RIGHT)).toBe(1);
    expect(score('accuracy', formatCompletion('', '3'))).toBe(0);
    expect(score('accuracy', formatCompletion('', ''))).toBe(0);
    expect(score('accuracy', '<think>9-8=1')).toBe(0);
  });

  test('does not need the format', () => {
    expect(score('accuracy', '<answer>-3</answer> and more')).toBe(1);
  });

  test('is not fooled by every answer at once, or by an answer inside the thinking', () => {
    expect(score('accuracy', formatCompletion('', '-5 -4 -3 -2'))).toBe(0);
    expect(score('accuracy', '<think><answer>-3</answer></think>')).toBe(0);
    expect(score('accuracy', '<think></think><answer>1</answer><answer>-3</answer>')).toBe(0);
  });
});

test('format is 1 exactly for think and answer, right or wrong', () => {
  expect(score('format', formatCompletion('', '99'))).toBe(1);
  expect(score('format', '<answer>-3</answer>')).toBe(0);
  expect(score('format', `${RIGHT}!`)).toBe(0);
});

describe('language consistency', () => {
  const mixed = formatCompletion('9-8=1 then 1+3=4然后4-7=-3', '-3');

  test("is the share of the target's words", () => {
    expect(score('language_consistency_en', RIGHT)).toBe(1);
    expect(score('language_consistency_zh', RIGHT)).toBe(0);
    expect(score('language_consistency_en', mixed)).toBe(0.5);
    expect(score('language_consistency_zh', mixed)).toBe(0.5);
  });

  test('is asked for in the language of the question', () => {
    const inChinese = { problem: { ...problem, question: '小明有9个球。他丢了8个。小明现在有几个球？' } };
    expect(score('language_of_question', RIGHT)).toBe(1);
    expect(score('language_of_question', RIGHT, inChinese)).toBe(0);
    expect(score('language_of_question', mixed, inChinese)).toBe(0.5);
    expect(score('language_of_question', formatCompletion('9-8=1', '1'))).toBeNull();
  });

  test('does not apply where there are no words or no thinking', () => {
    expect(score('language_consistency_en', formatCompletion('9-8=1', '1'))).toBeNull();
    expect(score('language_consistency_en', formatCompletion('', '1'))).toBeNull();
    expect(score('language_consistency_en', 'then then')).toBeNull();
  });
});

test('repetition is minus the share of three words in a row that were there before', () => {
  expect(score('repetition', RIGHT)).toBe(0);
  expect(score('repetition', '1 2')).toBe(0);
  // Six in all, of which `a b c`, `b c a` and `c a b` are new.
  expect(score('repetition', 'A b c a b c a b')).toBe(-0.5);
  expect(score('repetition', '1+1=2然后1+1=2然后1+1=2然后1+1=2')).toBeCloseTo(-3 / 5, 12);
});

describe('process', () => {
  test('is the share of right steps among those needed or written', () => {
    expect(score('process', RIGHT)).toBe(1);
    expect(score('process', formatCompletion('9-8=2 wait 9-8=1 then 1+3=4 then 4-7=-3', '-3'))).toBe(1);
    expect(score('process', formatCompletion('9-8=1 then 1+3=4 then 4-7=-2', '-2'))).toBe(2 / 3);
    expect(score('process', formatCompletion('9-8=1 then 1+3=4', '-3'))).toBe(2 / 3);
    expect(score('process', formatCompletion('9-8=1 then 1+3=4 then 0+0=0 then 4-7=-3', '-3'))).toBe(2.5 / 4);
  });

  test('is nothing where nothing is calculated', () => {
    expect(score('process', formatCompletion('', '-3'))).toBe(0);
    expect(score('process', formatCompletion(' then  wait ', '-3'))).toBe(0);
    expect(score('process', '9-8=1')).toBe(0);
  });

  test('does not apply where no steps are needed', () => {
    const solved = { task: 'equations', question: 'x=7', answer: 'x=7' };
    expect(score('process', formatCompletion('x=7', 'x=7'), { problem: solved })).toBeNull();
  });
});

test('soft overlong falls from 0 at four fifths of the limit to -1 at the limit, as in TRL', () => {
  const at = (numTokens: number) => score('soft_overlong', RIGHT, { numTokens });
  // get_soft_overlong_punishment(64, 13) of TRL 1.13.
  expect([51, 52, 58, 64].map(at)).toEqual([0, -0.07692307692307693, -0.5384615384615384, -1]);
  expect(at(1)).toBe(0);
  expect(at(1000)).toBe(-1);
});

test('cases passed is their share, and does not apply where an answer is not tried on cases', () => {
  const verdict = { correct: false, expected: 'x*2', found: 'x+2', cases: { passed: 1, total: 4 } };
  expect(score('cases_passed', RIGHT, { verdict })).toBe(0.25);
  expect(score('cases_passed', RIGHT)).toBeNull();
});

describe('scoring samples', () => {
  const score = (samples: readonly Sample[], reward_weights: RewardOptions['reward_weights'], custom_reward = '') =>
    scoreSamples(samples, { reward_weights, custom_reward }, sandbox);
  const scoreOne = async (one: Sample, weights: RewardOptions['reward_weights'], code?: string) =>
    (await score([one], weights, code))[0] as SampleScore;

  test('sums the weighted scores and keeps each on its own', async () => {
    expect(await scoreOne(sample(RIGHT), { accuracy: 1, format: 0.1, process: 0 })).toEqual({
      scores: { accuracy: 1, format: 1, process: 1 },
      total: 1.1,
      isFailed: false,
    });
  });

  test('leaves out of the sum what does not apply', async () => {
    const result = await scoreOne(sample(formatCompletion('', '-3')), { accuracy: 1, language_consistency_en: 5 });
    expect(result).toEqual({ scores: { accuracy: 1, language_consistency_en: null }, total: 1, isFailed: false });
  });

  test('has no total where nothing applies', async () => {
    expect((await scoreOne(sample('5'), { cases_passed: 1, language_consistency_zh: 1 })).total).toBeNull();
    expect((await scoreOne(sample(RIGHT), {})).total).toBeNull();
  });

  test('keeps the order of the samples', async () => {
    const both = await score([sample(RIGHT), sample('')], { accuracy: 1 });
    expect(both.map(({ total }) => total)).toEqual([1, 0]);
  });

  test('names an unknown reward and the known ones', async () => {
    await expect(scoreOne(sample(RIGHT), { acuracy: 1 })).rejects.toThrow(/"acuracy".*accuracy, /);
  });

  describe("the reader's own reward", () => {
    const weights = { accuracy: 1, custom: 0.5 };

    test('is given the sample as plain data, and counts by its weight', async () => {
      const code = 'function reward(sample) { return Object.keys(sample).length + sample.numTokens; }';
      const [first, second] = await score([sample(RIGHT), sample('', { numTokens: 7 })], weights, code);
      expect(first).toEqual({ scores: { accuracy: 1, custom: 31 }, total: 16.5, isFailed: false });
      expect(second).toEqual({ scores: { accuracy: 0, custom: 18 }, total: 9, isFailed: false });
    });

    test('tells each part of the sample', async () => {
      const code = 'const reward = (sample) => { throw JSON.stringify(sample); };';
      const verdict = { correct: true, expected: '-3', found: '-3', cases: { passed: 1, total: 2 } };
      const one = await scoreOne(sample('<think>a</think><answer>-3</answer>', { verdict }), weights, code);
      expect(JSON.parse(one.error?.message ?? '')).toEqual({
        question: '9-8+3-7=?',
        expected: '-3',
        completion: '<think>a</think><answer>-3</answer>',
        thinking: 'a',
        answer: '-3',
        correct: true,
        wellFormed: true,
        cases: { passed: 1, total: 2 },
        numTokens: 20,
        maxTokens: 64,
        truncated: false,
      });
    });

    test('does not apply where it gives null', async () => {
      const one = await scoreOne(sample(RIGHT), weights, 'const reward = () => null;');
      expect(one).toEqual({ scores: { accuracy: 1, custom: null }, total: 1, isFailed: false });
    });

    test.each([
      ['throws', 'function reward(s) {\n  return s.thinking.nothing.length;\n}', { line: 2, message: /^TypeError/ }],
      ['gives a word', 'const reward = () => "good"', { message: /The result is "good"; it must be a number or null/ }],
      ['gives nothing', 'const reward = () => {}', { message: /There is no result/ }],
      ['never ends', 'const reward = () => { for (;;); }', { message: /more than twenty million steps/ }],
      ['is not there', 'const prize = () => 1', { message: /There is no function named reward/ }],
      ['is no code', 'reward is good', { line: 1, message: /^SyntaxError/ }],
    ])('is an error, never a score, where it %s', async (_, code, error) => {
      const one = await scoreOne(sample(RIGHT), weights, code);
      expect(one).toMatchObject({ scores: { accuracy: 1, custom: null }, total: null, isFailed: true });
      expect(one.error).toEqual({ ...error, message: expect.stringMatching(error.message) });
    });

    test('may fail without harm while it does not count', async () => {
      const one = await scoreOne(sample(RIGHT), { accuracy: 1, custom: 0 }, 'const reward = () => NaN');
      expect(one).toMatchObject({ total: 1, isFailed: false, error: { message: 'The result is NaN.' } });
    });

    test('is asked for its code before a run begins', () => {
      const check = (name: string, custom_reward: string) => () =>
        checkRewards({ reward_weights: { [name]: 1 }, custom_reward });
      expect(check('custom', ' ')).toThrow(/has a weight but no code/);
      expect(check('custom', '1')).not.toThrow();
      expect(check('costum', '1')).toThrow(/"costum".*custom/);
    });

    test('runs ten thousand times a second in batches of a group', async () => {
      const code =
        'const reward = ({ answer, expected, numTokens }) => (answer === expected ? 1 - numTokens / 1000 : 0);';
      const group = Array.from({ length: 64 }, () => sample(RIGHT));
      // Other tests run beside this one: the best of up to twenty rounds is what it can do.
      let best = 0;
      for (let round = 0; round < 20; round++) {
        const startMs = computedMs();
        for (let i = 0; i < 10; i++) await score(group, { custom: 1 }, code);
        best = Math.max(best, (10 * group.length * 1000) / (computedMs() - startMs));
      }
      console.log(`a custom reward: ${Math.round(best).toLocaleString('en')} scores a second`);
      expect(best).toBeGreaterThan(10_000);
    });
  });

  test('refuses a score that is not a finite number', async () => {
    const broken = sample(RIGHT, { numTokens: Number.NaN });
    await expect(scoreOne(broken, { soft_overlong: 1 })).rejects.toThrow(RewardValueError);
  });
});
