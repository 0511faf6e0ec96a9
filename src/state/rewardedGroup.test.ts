import { describe, expect, it } from 'vitest';
import type { AnswerSummary, RolloutGroup, StreamedToken } from '../protocol/protocol';
import type { Sample } from './askReducer';
import { numRight, rewardedGroup, tellingGroup } from './rewardedGroup';

const token = (text: string, part: StreamedToken['part']): StreamedToken => {
  return { id: 1, text, part, probability: 0.5, entropy: 0, alternatives: [] };
};

function sample(answer: string, correct: boolean, stopReason: AnswerSummary['stopReason'] = 'end'): Sample {
  const verdict = { correct, expected: '3', found: answer };
  const counts = { numThinkingTokens: 0, numTokens: 5, thinkingMs: 0 };
  const summary = { completionText: '', thinking: '', answer, stopReason, verdict, ...counts };
  const tags = ['<think>', '</think>', '<answer>'].map((tag) => token(tag, 'tag'));
  return {
    tokens: [...tags, token(answer, 'answer'), token('</answer>', 'tag')],
    thinkingMs: 0,
    summary,
    choices: undefined,
  };
}

describe('a group of answers', () => {
  it('is rewarded for right answers and their form, and each answer is compared with the others', () => {
    const group = rewardedGroup('1+2=?', [sample('3', true), sample('4', false), sample('5', false, 'length')]);
    expect(group?.members.map(({ reward }) => reward)).toEqual([1.1, 0.1, 0]);
    // By hand: mean 0.4, std (ddof 1) 0.6083.
    const advantages = group?.members.map(({ advantage }) => Number(advantage.toFixed(3)));
    expect(advantages).toEqual([1.151, -0.493, -0.657]);
    expect(group).toMatchObject({ gold: '3', question: '1+2=?' });
    expect(group?.members[0]?.tokens[0]?.logp).toBeCloseTo(Math.log(0.5));
  });

  it('is none while one is still written', () => {
    const unfinished = { ...sample('4', false), summary: undefined };
    expect(rewardedGroup('1+2=?', [sample('3', true), unfinished])).toBeUndefined();
    expect(rewardedGroup('1+2=?', [])).toBeUndefined();
  });

  it('has no advantage where all earned the same', () => {
    const group = rewardedGroup('1+2=?', [sample('3', true), sample('3', true)]);
    expect(group?.members.map(({ advantage }) => advantage)).toEqual([0, 0]);
  });
});

it('of several groups the one that tells most is nearest to half right', () => {
  const group = (right: number): RolloutGroup => {
    const members = Array.from({ length: 8 }, (_, i) => ({ rewards: { accuracy: i < right ? 1 : 0 } }));
    return { members } as unknown as RolloutGroup;
  };
  const found = tellingGroup([0, 8, 7, 3, 1].map(group));
  expect(found && numRight(found)).toBe(3);
  expect(tellingGroup([])).toBeUndefined();
});
