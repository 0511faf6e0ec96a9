import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { rng } from '../lib/rng';
import { createNodeSandbox } from '../sandbox/nodeSandbox';
import { evaluateExpression, parseExpression, rational } from './expression';
import { inputsOf, task as programs } from './kinds/programs';
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
  test.each(['2*x+3', 'x+x+3', '3+(x<<1)', '[3,5,7][x]??2*x+3', '((x) => 2*x+3)(x)', '2*x+3 // done', '2*x+3.0'])(
    'takes %s',
    async (answer) => {
      expect(await judge(answer)).toMatchObject({ correct: true, cases: { passed: 11, total: 11 } });
    },
  );

  test.each(['2 * x + 3', '２＊ｘ＋３', '2×x+3', '2·x + 3', '3 − −2*x'])('reads %s', async (answer) => {
    expect((await judge(answer)).correct).toBe(true);
  });

  test.each([
    // Every input has a realm of its own, so nothing counts the calls.
    ['(globalThis.n=(globalThis.n??-1)+1,[3,5,7,9,11,13,15,17,19,21,23][globalThis.n])', 1],
    ['(this.n=(this.n??-1)+1,[3,5,7][this.n])', 0],
    ['(Math.n=(Math.n??-1)+1,[3,5,7][Math.n])', 1],
    ['(Array.prototype.n=([].n??-1)+1,[3,5,7][[].n])', 1],
    // Only an expression, and only one.
    ['0),(x)=>(2*x+3', 0],
    ['0],(x)=>[2*x+3', 0],
    ['`];(x)=>[2*x+3', 0],
    ['0]};function Function(){};(x)=>{return [2*x+3', 0],
    ['(0, 0)}), ((x) => {return (2*x+3)', 0],
    ['0;2*x+3', 0],
    ['return 2*x+3', 0],
    ['5,2*x+3', 0],
    ['2*x+3,', 0],
    ['...[2*x+3]', 0],
    ['x=2*x+3', 0],
    ['y=2*x+3', 0],
    ['f(x)=2*x+3', 0],
    // What goes through the cases that are shown, and through those that were hidden once.
    ['2*x+3+x*(x-1)*(x-2)', 3],
    ['2*x+3+x*(x-1)*(x-2)*(x-3)*(x-7)*(x-10)*(x+1)*(x+4)', 3],
    ['x<3?2*x+3:0', 7],
    ['02*x+3', 0],
    ['1e400', 0],
    ['2*x+3+1e400', 0],
    ['9'.repeat(200), 0],
    ['{}', 0],
    ['[2*x+3]', 0],
  ])('does not take %s', async (answer, passed) => {
    expect(await judge(answer)).toMatchObject({ correct: false, cases: { passed, total: 11 } });
  });

  test('counts the cases that an answer passes, the hidden ones too', async () => {
    expect(await judge('[3,5,7][x]')).toMatchObject({ correct: false, cases: { passed: 3, total: 11 } });
    expect(await judge('2*x+4')).toMatchObject({ correct: false, cases: { passed: 0, total: 11 } });
  });

  test.each(['', '2*x+', 'f(x)', 'y', '"5"', 'while(1){}', ')=>(', 'null', '2*x+3;', '() => 5', '2x+3'])(
    'does not take %s',
    async (answer) => expect(await judge(answer)).toMatchObject({ correct: false, cases: { passed: 0, total: 11 } }),
  );

  test('does not take an answer that never ends, or one that is too long to be run', async () => {
    expect((await judge('(() => { for (;;); })()')).correct).toBe(false);
    expect((await judge(`2*x+3${' '.repeat(300)}+0`)).correct).toBe(false);
  });
});

describe('the hidden inputs', () => {
  const problemAt = (seed: number) => programs.generate(rng(seed, 'problem'), {});

  test('are the problem’s own: the same again, and others for another', () => {
    const hidden = (seed: number) => inputsOf(problemAt(seed)).slice(3);
    expect(hidden(1)).toEqual(hidden(1));
    const all = Array.from({ length: 200 }, (_, seed) => `${hidden(seed)}`);
    const problems = new Set(Array.from({ length: 200 }, (_, seed) => problemAt(seed).question));
    expect(new Set(all).size).toBe(problems.size);
  });

  test('are eight on both sides of zero, none shown, none twice', () => {
    for (let seed = 0; seed < 500; seed++) {
      const inputs = inputsOf(problemAt(seed));
      expect(inputs.slice(0, 3)).toEqual([0, 1, 2]);
      expect(new Set(inputs).size).toBe(11);
      const hidden = inputs.slice(3);
      expect(hidden.filter((x) => x > 2)).toHaveLength(4);
      expect(hidden.filter((x) => x < 0)).toHaveLength(4);
      expect(Math.max(...hidden.map(Math.abs))).toBeLessThanOrEqual(200);
    }
  });

  test('are met by no polynomial that only goes through the cases that are shown', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.nat(),
        fc.array(fc.integer({ min: -20, max: 20 }), { maxLength: 10 }),
        async (seed, roots) => {
          const problem = problemAt(seed);
          const detour = ['x', '(x-1)', '(x-2)', ...roots.map((root) => `(x-(${root}))`)].join('*');
          expect((await programs.verify(problem, `${problem.answer}+${detour}`, sandbox)).correct).toBe(false);
        },
      ),
      { numRuns: 300 },
    );
  });
});

test('a question may be typed with spaces and without its end, and must have a whole answer', () => {
  expect(programs.parse('f(0) = 3, f(1) = 5, f(2) = 7')).toEqual(linear);
  expect(programs.parse('f(0)=0,f(1)=0,f(2)=1')).toBeUndefined();
  expect(programs.parse('f(0)=1,f(1)=2')).toBeUndefined();
});
