// What R1's last stage pays for, all of its rewards together.
import fc from 'fast-check';
import { afterAll, describe, expect, test, vi } from 'vitest';
import { rng } from '../lib/rng';
import { scoreSamples } from '../rewards/registry';
import { createNodeSandbox } from '../sandbox/nodeSandbox';
import { formatCompletion, parseCompletion } from '../tasks/completion';
import { allTasks } from '../tasks/registry';
import { readSteps } from '../tasks/steps';
import type { Problem, Task } from '../tasks/task';
import { getPipeline } from './ready';

vi.setConfig({ testTimeout: 60_000 });

const sandbox = createNodeSandbox();
afterAll(() => sandbox.close());

const stage = getPipeline('r1').stages.find(({ name }) => name === 'final-rl');
if (stage?.kind !== 'grpo') throw new Error('R1 has no last stage of GRPO');
const rewards = { reward_weights: stage.options.reward_weights ?? {}, custom_reward: '' };

/** Its worth at a number of tokens; the limit is 96. */
async function worth(task: Task, problem: Problem, text: string, numTokens = 40): Promise<number> {
  const completion = parseCompletion(text);
  const verdict = await task.verify(problem, completion.answer, sandbox);
  const sample = { problem, completion, verdict, numTokens, maxTokens: 96, truncated: numTokens >= 96 };
  const [scored] = await scoreSamples([sample], rewards, sandbox);
  return scored?.total as number;
}

const SINGLE = allTasks().filter(({ name }) => name !== 'mixture');
const EMPTY = ['', ' then ', ' then 0+0=0', '0+0=0 then 0+0=0', ' then x=x', ' then a9-8=2', ' then 1000+1=1001'];

describe.each(SINGLE.map((task) => [task.name, task] as const))('to %s', (_, task) => {
  const problemAt = (seed: number) => task.generate(rng(seed, 'problem'), {});

  test('a wrong answer after honest thinking with one slip earns more than one after nonsense', async () => {
    for (let seed = 0; seed < 60; seed++) {
      const problem = problemAt(seed);
      const steps = readSteps(task.think(problem, { language: 'en', selfCheck: false }, rng(seed, 'corpus')));
      // A step alone has no words, and with a slip in it nothing is right.
      if (
        (task.standing(problem.question)?.missing ?? 0) < 2 ||
        /(^|\D)0(\D|$)/.test(problem.question.replace(/f\(\d\)/g, ''))
      )
        continue;
      const at = rng(seed, 'mix').integer(0, steps.length - 1);
      const thinking = steps
        .map(({ text }, i) => (i === at ? text.replace(/\d(?=\D*$)/, (digit) => `${(Number(digit) + 1) % 10}`) : text))
        .join('');
      const wrong = task.blunder(problem, rng(seed, 'reject'));
      const honest = await worth(task, problem, formatCompletion(thinking, wrong));
      for (const nonsense of EMPTY) {
        const empty = await worth(task, problem, formatCompletion(nonsense, wrong));
        if (empty < 1) expect([problem.question, thinking, honest > empty]).toEqual([problem.question, thinking, true]);
      }
    }
  });

  test('a right answer always earns more than a wrong one', async () => {
    const text = fc.array(
      fc.oneof(
        fc.constantFrom(' then ', '然后', ' wait ', ' back ', '0+0=0', '9-8=1', '<think>', '</think>', '<answer>', '#'),
        fc.constantFrom('worked', 'solution'),
      ),
      { maxLength: 12 },
    );
    const tokens = fc.integer({ min: 1, max: 96 });
    await fc.assert(
      fc.asyncProperty(fc.nat(), text, text, tokens, tokens, async (seed, one, other, few, many) => {
        const problem = problemAt(seed);
        const worked = task.think(problem, { language: 'en', selfCheck: false }, rng(seed, 'corpus'));
        const write = (parts: readonly string[], answer: string) =>
          formatCompletion(parts.join('').replaceAll('worked', worked).replaceAll('solution', ''), answer);
        const right = write(one, problem.answer);
        const wrong = write(other, `${problem.answer}#`);
        fc.pre((await task.verify(problem, parseCompletion(right).answer, sandbox)).correct);
        expect(await worth(task, problem, right, few)).toBeGreaterThan(await worth(task, problem, wrong, many));
      }),
      { numRuns: 300 },
    );
  });
});
