import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { rng } from '../lib/rng';
import { createNodeSandbox } from '../sandbox/nodeSandbox';
import { evaluateExpression, parseExpression, rational } from './expression';
import { programs } from './programs';
import type { Problem } from './task';

const sandbox = createNodeSandbox();
afterAll(() => sandbox.close());

function parsed(question: string): Problem {
  const problem = programs.parse(question);
  if (!problem) throw new Error(`${question} was not read`);
  return problem;
}

const linear = parsed('f(0)=3,f(1)=5,f(2)=7,f(x)=?');
const judge = (answer: string) => programs.verify(linear, answer, sandbox);

test('a program gives the outputs of its question', () => {
  fc.assert(
    fc.property(
      fc.nat(),
      fc.constantFrom(1, 2),
      fc.integer({ min: 1, max: 9 }),
      (seed, max_degree, max_coefficient) => {
        const { question, answer } = programs.generate(rng(seed, 'problem'), { max_degree, max_coefficient });
        const expression = parseExpression(answer, 'algebra');
        const outputs = [0n, 1n, 2n].map((x) => expression && evaluateExpression(expression, rational(x))?.numerator);
        expect(question).toBe(`${outputs.map((output, x) => `f(${x})=${output},`).join('')}f(x)=?`);
      },
    ),
    { numRuns: 10_000 },
  );
});

describe('the verifier', () => {
  test.each(['2*x+3', 'x+x+3', '3+(x<<1)', '[3,5,7][x]??2*x+3', '2*x+3 // done', '2*x+3.0'])(
    'takes %s',
    async (answer) => {
      expect(await judge(answer)).toMatchObject({ correct: true, cases: { passed: 8, total: 8 } });
    },
  );

  test('counts the cases that an answer passes, the hidden ones too', async () => {
    expect(await judge('[3,5,7][x]')).toMatchObject({ correct: false, cases: { passed: 3, total: 8 } });
    expect(await judge('2*x+4')).toMatchObject({ correct: false, cases: { passed: 0, total: 8 } });
  });

  test.each(['', '2*x+', 'f(x)', 'y', '"5"', 'while(1){}', ')=>(', 'null', '2*x+3;', '() => 5', '2x+3'])(
    'does not take %s',
    async (answer) => expect(await judge(answer)).toMatchObject({ correct: false, cases: { passed: 0, total: 8 } }),
  );

  test('does not take an answer that never ends, or one that is too long to be run', async () => {
    expect((await judge('(() => { for (;;); })()')).correct).toBe(false);
    expect((await judge(`2*x+3${' '.repeat(300)}+0`)).correct).toBe(false);
  });
});

test('a question may be typed with spaces and without its end, and must have a whole answer', () => {
  expect(programs.parse('f(0) = 3, f(1) = 5, f(2) = 7')).toEqual(linear);
  expect(programs.parse('f(0)=0,f(1)=0,f(2)=1')).toBeUndefined();
  expect(programs.parse('f(0)=1,f(1)=2')).toBeUndefined();
});
