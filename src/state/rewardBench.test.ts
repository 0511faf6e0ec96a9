import { describe, expect, it } from 'vitest';
import type { Sandbox } from '../sandbox/sandbox';
import { madeUpGroup } from '../testing/madeUp';
import { MADE_UP_SAMPLES, RewardBench, samplesOf } from './rewardBench';

describe('answers to try a reward on', () => {
  const problem = { task: 'chained_sums', question: '9-8+3=?', answer: '4' } as Parameters<typeof madeUpGroup>[0];
  const groups = [0, 1].map((index) => madeUpGroup(problem, { seed: 1, step: 1, index, size: 3 }));

  it('are those of a run as its reward sees them, the first of each group first', () => {
    const samples = samplesOf(groups, 64, 4);
    const texts = [0, 1].flatMap((m) =>
      groups.map(({ members }) => members[m]?.tokens.map(({ text }) => text).join('')),
    );
    expect(samples.map(({ completion }) => completion)).toEqual(texts);
    const [first] = samples;
    const [member] = groups[0]?.members ?? [];
    expect(first).toMatchObject({
      question: '9-8+3=?',
      expected: '4',
      correct: member?.rewards.accuracy === 1,
      numTokens: member?.tokens.length,
      maxTokens: 64,
    });
  });

  it('are made up before there is a run: right, wrong, without thinking, and cut off', () => {
    const cases = MADE_UP_SAMPLES.map(({ correct, wellFormed, truncated }) => ({ correct, wellFormed, truncated }));
    expect(cases).toContainEqual({ correct: true, wellFormed: true, truncated: false });
    expect(cases).toContainEqual({ correct: false, wellFormed: true, truncated: false });
    expect(cases).toContainEqual({ correct: true, wellFormed: false, truncated: false });
    expect(cases).toContainEqual({ correct: false, wellFormed: false, truncated: true });
  });
});

describe('a reward', () => {
  it('is tried on each answer in the sandbox', async () => {
    const runs: unknown[] = [];
    const sandbox: Sandbox = {
      run: async (source, inputs) => {
        runs.push(source);
        return inputs.map((_, index) => (index === 0 ? { value: 1 } : { error: { message: 'Error: no' } }));
      },
      close: () => {},
    };
    const scores = await new RewardBench(sandbox).tryReward('const reward = () => 1;', MADE_UP_SAMPLES.slice(0, 2));
    expect(scores).toEqual([{ score: 1 }, { error: { message: 'Error: no' } }]);
    expect(runs).toEqual([expect.stringContaining('const reward = () => 1;')]);
  });
});
