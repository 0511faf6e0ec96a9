import { describe, expect, it } from 'vitest';
import type { StepMetrics } from '../../protocol/protocol';
import { findLead, findPace, lengthWords } from './lead';

const steps = (count: number, metrics: (step: number) => Record<string, number>): StepMetrics[] =>
  Array.from({ length: count }, (_, i) => ({ step: i + 1, metrics: metrics(i + 1) }));

describe('the story of a run', () => {
  it('prefers held-out accuracy and names the step at which it was last measured', () => {
    const run = steps(12, (step) => ({
      'rewards/accuracy/mean': 0.99,
      ...(step % 5 === 1 && { 'eval/accuracy': 0.3 + step / 100 }),
    }));
    expect(findLead(run)).toMatchObject({ before: 0.31, beforeStep: 1, now: 0.41, step: 11 });
    expect(findLead(run.slice(3))).toMatchObject({ beforeStep: 6, before: 0.36, now: 0.41 });
  });

  it('falls back to the accuracy of the training answers', () => {
    expect(findLead(steps(3, (step) => ({ 'rewards/accuracy/mean': step / 10 })))).toMatchObject({
      before: 0.1,
      now: 0.3,
    });
  });

  it('compares the thinking on held-out problems with that before, once it was measured again', () => {
    const run = steps(11, (step) => ({
      'rewards/accuracy/mean': 0.5,
      'completions/mean_length': 10 * step,
      'completions/mean_thinking_length': 10 * step,
      ...(step % 5 === 1 && { 'eval/accuracy': 0.5, 'eval/mean_thinking_length': 5 + step }),
    }));
    expect(findLead(run.slice(0, 5))?.lengthRatio).toBeUndefined();
    expect(findLead(run)?.lengthRatio).toBe(16 / 6);
  });

  it('is unsure where chance alone may tell the two apart', () => {
    const run = (before: number, now: number) => steps(2, (step) => ({ 'eval/accuracy': step === 1 ? before : now }));
    const isUnsure = (before: number, now: number, problems?: number) => findLead(run(before, now), problems)?.isUnsure;
    expect([isUnsure(0.44, 0.52, 64), isUnsure(0.44, 0.52, 4096), isUnsure(0.44, 0.9, 64)]).toEqual([
      true,
      false,
      false,
    ]);
    expect([isUnsure(0.9, 0.44, 64), isUnsure(0.44, 0.44, 64), isUnsure(0.44, 0.52)]).toEqual([false, true, false]);
  });

  it('says nothing of thinking that there was none of before', () => {
    const run = steps(2, (step) => ({ 'eval/accuracy': 0.5, 'eval/mean_thinking_length': step - 1 }));
    expect(findLead(run)?.lengthRatio).toBeUndefined();
  });

  it('says nothing of a run in which nothing was measured', () => {
    expect(findLead([])).toBeUndefined();
    expect(findLead(steps(2, () => ({ loss: 1 })))).toBeUndefined();
  });

  it('tells ratios in words where there are any', () => {
    expect([0, 0.5, 1.05, 1.5, 2.1, 2.9, 4].map(lengthWords)).toEqual([
      'leadNone',
      'leadShorter',
      'leadSame',
      'leadTimes',
      'leadTwice',
      'leadThrice',
      'leadTimes',
    ]);
  });

  it('foresees the time left from the pace of the last steps', () => {
    const run = steps(8, (step) => ({ step_time: step <= 3 ? 100 : 2 }));
    expect(findPace(run, 8, 20)).toEqual({ stepMs: 2000, leftMs: 24_000 });
    expect(findPace(run, 30, 20)?.leftMs).toBe(0);
    expect(findPace([], 0, 20)).toBeUndefined();
  });
});
