import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Rng, rng } from '../lib/rng';
import { DifficultyError } from './difficulty';
import { task as chainedSums } from './kinds/chainedSums';
import { isHeldOut } from './split';
import { splitSteps } from './steps';
import type { Problem, ThinkingStyle } from './task';

const stream = (seed: number): Rng => rng(seed, 'problem');

const problems = fc
  .record({
    seed: fc.nat(),
    min: fc.integer({ min: 2, max: 16 }),
    extra: fc.nat(14),
    number: fc.integer({ min: 1, max: 99 }),
  })
  .map(({ seed, min, extra, number }) =>
    chainedSums.generate(stream(seed), { min_terms: min, max_terms: Math.min(16, min + extra), max_number: number }),
  );
const styles: fc.Arbitrary<ThinkingStyle> = fc.record({
  language: fc.constantFrom('en', 'zh', 'mixed'),
  selfCheck: fc.boolean(),
});

function parsed(question: string): Problem {
  const problem = chainedSums.parse(question);
  if (!problem) throw new Error(`${question} was not read`);
  return problem;
}

const sum = parsed('9-8+3-7=?');

describe('a chained sum', () => {
  test('is answered as JavaScript would', () => {
    fc.assert(
      fc.property(problems, ({ question, answer }) => {
        const expression = question.replace('=?', '');
        expect(Number(answer)).toBe(Function(`return ${expression.replace(/\b0+(?=\d)/g, '')}`)() + 0);
      }),
    );
  });

  test('has as many terms, and as large, as the dials allow', () => {
    const numTerms = new Set<number>();
    const numbers = new Set<string>();
    for (let seed = 0; seed < 300; seed++) {
      const { question } = chainedSums.generate(stream(seed), {});
      const found = question.match(/\d+/g) ?? [];
      numTerms.add(found.length);
      for (const number of found) numbers.add(number);
    }
    expect([...numTerms].sort()).toEqual([4, 5, 6, 7, 8]);
    expect([...numbers].sort()).toEqual([...'0123456789']);
  });

  test('is a pure function of the stream', () => {
    expect(chainedSums.generate(stream(7), {})).toEqual(chainedSums.generate(stream(7), {}));
    expect(chainedSums.generate(stream(7), {})).not.toEqual(chainedSums.generate(stream(8), {}));
  });

  test('reads back from its own question', () => {
    fc.assert(
      fc.property(problems, (problem) => {
        expect(chainedSums.parse(problem.question)).toEqual(problem);
      }),
    );
  });

  test('refuses dials that are unknown, out of bounds or crossed', () => {
    const generate = (difficulty: Record<string, number>) => () => chainedSums.generate(stream(0), difficulty);
    expect(generate({ terms: 3 })).toThrow(/no difficulty dial named terms.*min_terms, max_terms, max_number/);
    expect(generate({ max_number: 1000 })).toThrow('max_number is 1000. Choose a whole number from 1 to 999.');
    expect(generate({ max_terms: 4.5 })).toThrow(DifficultyError);
    expect(generate({ min_terms: 6, max_terms: 5 })).toThrow('min_terms (6) is above max_terms (5).');
  });
});

describe('thinking', () => {
  test('ends in the answer, and its own answer passes the verifier', () => {
    fc.assert(
      fc.property(problems, styles, fc.nat(), (problem, style, seed) => {
        const thinking = chainedSums.think(problem, style, stream(seed));
        expect(thinking.endsWith(`=${problem.answer}`)).toBe(true);
        expect(chainedSums.verify(problem, problem.answer).correct).toBe(true);
      }),
    );
  });

  test('has one right step an operation, and one slip exactly where it checks itself', () => {
    fc.assert(
      fc.property(problems, styles, fc.nat(), (problem, style, seed) => {
        const { question } = problem;
        const steps = splitSteps(chainedSums.think(problem, style, stream(seed)), { question });
        const numOperations = (question.match(/\d+/g) ?? []).length - 1;
        expect(steps.filter((step) => step.mark === 'right')).toHaveLength(numOperations);
        const slip = steps.findIndex((step) => step.mark === 'wrong');
        expect(steps.filter((step) => step.mark === 'wrong')).toHaveLength(style.selfCheck ? 1 : 0);
        if (style.selfCheck) expect(steps[slip + 1]?.text).toMatch(/^( wait |等等)/);
      }),
    );
  });

  test('is written in the language asked for', () => {
    const write = (style: ThinkingStyle) => chainedSums.think(sum, style, stream(3));
    expect(write({ language: 'en', selfCheck: false })).toBe('9-8=1 then 1+3=4 then 4-7=-3');
    expect(write({ language: 'zh', selfCheck: false })).toBe('9-8=1然后1+3=4然后4-7=-3');
    expect(write({ language: 'en', selfCheck: true })).toBe('9-8=1 then 1+3=4 then 4-7=-4 wait 4-7=-3');
  });

  test('switches language at random when mixed', () => {
    const long = parsed('1+1+1+1+1+1+1+1+1+1+1+1+1');
    const thinking = chainedSums.think(long, { language: 'mixed', selfCheck: false }, stream(0));
    expect(thinking).toContain(' then ');
    expect(thinking).toContain('然后');
  });
});

test('a blunder is never the answer, but near it', () => {
  fc.assert(
    fc.property(problems, fc.nat(), (problem, seed) => {
      const distance = Math.abs(Number(chainedSums.blunder(problem, stream(seed))) - Number(problem.answer));
      expect([1, 2, 3, 10]).toContain(distance);
    }),
  );
});

describe('the verifier', () => {
  test.each(['-3', ' -3 ', '- 3', '−3', '－３', '-3\n'])('takes %j for -3', (answer) => {
    expect(chainedSums.verify(sum, answer)).toEqual({ correct: true, expected: '-3', found: answer.trim() });
  });

  test.each(['3', '-3.0', '', '--3', '-3 -3', '-03', '⁻³', '-3x', '0x3', '-3e0'])(
    'does not take %j for -3',
    (answer) => {
      expect(chainedSums.verify(sum, answer).correct).toBe(false);
    },
  );

  test('says that there was no answer', () => {
    expect(chainedSums.verify(sum, undefined)).toEqual({ correct: false, expected: '-3', found: undefined });
  });

  test('reads a plus sign and any number of digits', () => {
    expect(chainedSums.verify(parsed('1+2'), '+3').correct).toBe(true);
    expect(chainedSums.verify(parsed('1+2'), '3'.repeat(500)).correct).toBe(false);
  });
});

describe('a typed question', () => {
  test.each([
    '9-8+3-7',
    '9-8+3-7=',
    '9-8+3-7=?',
    '9-8+3-7 ?',
    ' 9 - 8 + 3 - 7 = ? ',
    '9−8+3−7=?',
    '9–8+3–7',
    '９－８＋３－７＝？',
    '09-8+03-7',
  ])('%j is read as 9-8+3-7=?', (text) => {
    expect(chainedSums.parse(text)).toEqual({ task: 'chained_sums', question: '9-8+3-7=?', answer: '-3' });
  });

  test('may be longer and larger than what is trained on, and begin below zero', () => {
    expect(parsed(`1${'+1'.repeat(40)}`).answer).toBe('41');
    expect(parsed('123456789-987654321').answer).toBe('-864197532');
    expect(parsed('-5+5').answer).toBe('0');
    expect(parsed('0-0').question).toBe('0-0=?');
  });

  test.each([
    '',
    '5',
    '5=?',
    '+',
    '1+',
    '1++2',
    '3*4',
    '3×4',
    '1+2=3',
    '1 2+3',
    'x+1',
    '5²+1',
    '1½+1',
    '1\u200b2+3',
    '1+2=?!',
    '1.5+2',
    '12345678901+1',
  ])('%j is not of this task', (text) => {
    expect(chainedSums.parse(text)).toBeUndefined();
  });

  test('never throws, whatever it is', () => {
    fc.assert(fc.property(fc.string({ unit: 'grapheme' }), (text) => void chainedSums.parse(text)));
  });
});

test('the examples are questions of the task that training has never seen', () => {
  for (const question of chainedSums.examples) {
    expect(parsed(question).question).toBe(question);
    expect(isHeldOut(parsed(question))).toBe(true);
  }
});
