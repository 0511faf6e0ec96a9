import { describe, expect, it } from 'vitest';
import type { AnswerSummary } from '../protocol/protocol';
import type { Sample } from './askReducer';
import { tallyOf } from './tally';

function sample(answer: string | undefined, correct?: boolean): Sample {
  const summary: AnswerSummary = {
    completionText: '',
    thinking: '',
    answer,
    stopReason: 'end',
    verdict: correct === undefined ? undefined : { correct, expected: '3', found: answer },
    numThinkingTokens: 0,
    numTokens: 0,
    thinkingMs: 0,
  };
  return { tokens: [], thinkingMs: 0, summary, choices: undefined };
}
const pending: Sample = { tokens: [], thinkingMs: 0, summary: undefined, choices: undefined };

describe('the tally of answers', () => {
  it('has the most frequent answer first and every sample in its place', () => {
    const samples = [sample('4', false), sample('3', true), sample(undefined, false), pending, sample('3', true)];
    expect(tallyOf({ samples })).toEqual({
      rows: [
        { answer: '3', samples: [1, 4], isRight: true },
        { answer: '4', samples: [0], isRight: false },
      ],
      unanswered: [2],
      pending: [3],
      numRight: 2,
    });
  });

  it('judges nothing that cannot be checked', () => {
    expect(tallyOf({ samples: [sample('a'), sample('a')] })).toMatchObject({
      rows: [{ answer: 'a', isRight: undefined }],
      numRight: undefined,
    });
  });

  it('sets the answer given first before one given as often', () => {
    const { rows } = tallyOf({ samples: [sample('4', false), sample('3', true)] });
    expect(rows.map(({ answer }) => answer)).toEqual(['4', '3']);
  });
});
