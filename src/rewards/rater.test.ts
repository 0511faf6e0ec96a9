import { describe, expect, it } from 'vitest';
import { formatCompletion, parseCompletion } from '../tasks/completion';
import { getTask } from '../tasks/registry';
import type { Problem } from '../tasks/task';
import { looks, prefersFirst, type RatedAnswer, ratedScore } from './rater';
import { RATERS } from './raters';

const task = getTask('chained_sums');
const SMALL = task.parse('1+2+3+4=?') as Problem;
const LARGE = task.parse('1+2+3+4+5+6+7=?') as Problem;

function answerTo(problem: Problem, thinking: string, answer: string): RatedAnswer {
  const completion = parseCompletion(formatCompletion(thinking, answer));
  return {
    problem,
    completion,
    verdict: { correct: answer === problem.answer, expected: problem.answer, found: answer },
  };
}

describe('a rater', () => {
  it('sees the truth up to its skill, and beyond it goes by looks', () => {
    const [right, wrong] = [answerTo(SMALL, '', '10'), answerTo(SMALL, '1+2=3 then 3+3=6', '6')];
    expect(ratedScore(right, RATERS.pupil)).toBeGreaterThan(ratedScore(wrong, RATERS.pupil));
    const [rightLarge, wrongLarge] = [answerTo(LARGE, '', '28'), answerTo(LARGE, '1+2=3 then 3+3=6', '6')];
    expect(ratedScore(rightLarge, RATERS.pupil)).toBeLessThan(ratedScore(wrongLarge, RATERS.pupil));
    expect(ratedScore(rightLarge, RATERS.professor)).toBeGreaterThan(ratedScore(wrongLarge, RATERS.professor));
  });

  it('likes form and steps, and dislikes doubt', () => {
    const [none, one, two] = ['', '1+2=3', '1+2=3 then 3+3=6'].map((thinking) => looks(answerTo(SMALL, thinking, '6')));
    expect(none).toBeLessThan(one as number);
    expect(one).toBeLessThan(two as number);
    expect(looks(answerTo(SMALL, '1+2=4 wait 1+2=3', '6'))).toBeLessThan(two as number);
    expect(looks({ completion: parseCompletion('6') })).toBe(0);
  });

  it('prefers A to B as often as Bradley and Terry say, the same each time for one seed', () => {
    const both = [answerTo(LARGE, '1+2=3', '3'), answerTo(LARGE, '', '3')] as const;
    const margin = ratedScore(both[0], RATERS.pupil) - ratedScore(both[1], RATERS.pupil);
    const choices = (seed: number) =>
      Array.from({ length: 4000 }, (_, index) => prefersFirst(both, RATERS.pupil, { seed, index }));
    const share = choices(1).filter(Boolean).length / 4000;
    // Four standard deviations of a share of 4000.
    expect(Math.abs(share - 1 / (1 + Math.exp(-margin)))).toBeLessThan(0.032);
    expect(choices(1)).toEqual(choices(1));
  });

  it('refuses problems that have no size', () => {
    const talk = getTask('small_talk');
    const problem = talk.parse(talk.examples[0] as string) as Problem;
    const completion = parseCompletion(formatCompletion('', 'x'));
    const answer = { problem, completion, verdict: { correct: false, expected: problem.answer, found: 'x' } };
    expect(() => ratedScore(answer, 4)).toThrow('no size');
  });
});
