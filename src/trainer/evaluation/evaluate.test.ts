import { describe, expect, it } from 'vitest';
import { parseCompletion } from '../../tasks/completion';
import { type JudgedAnswer, languageMetrics, summarizeAnswers, thinkingLanguage } from './evaluate';

const thought = (thinking: string) =>
  ({ completion: parseCompletion(`<think>${thinking}</think><answer>1</answer>`) }) as JudgedAnswer;

describe('the languages of the thinking', () => {
  it('are the mean shares of answers that have words, each answer counting once', () => {
    const answers = [thought('1+1=2 then 2+2=4'), thought('1然后2等等3 then '), thought('1+1=2')];
    expect(thinkingLanguage(answers).en).toBeCloseTo((1 + 1 / 3) / 2, 12);
    expect(thinkingLanguage(answers).zh).toBeCloseTo(2 / 3 / 2, 12);
  });

  it('are no metrics where nothing was said in words', () => {
    expect(languageMetrics(thinkingLanguage([thought('1+1=2'), thought('')]), 'eval')).toEqual({});
    expect(languageMetrics({ en: 0.25, zh: 0.75 }, 'eval')).toEqual({
      'eval/thinking_language/en': 0.25,
      'eval/thinking_language/zh': 0.75,
    });
  });
});

describe('the accuracy of each task', () => {
  const answer = (task: string, correct: boolean) =>
    ({
      ...thought('1+1=2'),
      problem: { task },
      verdict: { correct },
      rollout: { tokens: [] },
    }) as unknown as JudgedAnswer;

  it('is its own, where there are several', () => {
    const answers = [answer('products', true), answer('countdown', true), answer('products', false)];
    const { accuracy, tasks } = summarizeAnswers(answers);
    expect(accuracy).toBeCloseTo(2 / 3, 12);
    expect(tasks).toEqual({ countdown: { problems: 1, accuracy: 1 }, products: { problems: 2, accuracy: 0.5 } });
  });

  it('is not told where all problems are of one', () => {
    expect(summarizeAnswers([answer('products', true)])).not.toHaveProperty('tasks');
  });
});
