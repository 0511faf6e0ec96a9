import { expect, it, vi } from 'vitest';
import type { AnswerSummary, AskRequest } from '../protocol/protocol';
import { ok, openStubSession, refused } from '../testing/stubEngine';
import { PreferenceLab } from './preferenceLab';

const summary = (answer: string, correct: boolean, stopReason = 'end') =>
  ({
    completionText: `<think></think><answer>${answer}</answer>`,
    answer,
    stopReason,
    verdict: { correct, expected: '1', found: answer },
  }) as AnswerSummary;

/** What was asked has been answered. */
const settled = () => new Promise((resolve) => setTimeout(resolve));

async function open() {
  const asked: AskRequest[] = [];
  const { session, emit } = await openStubSession({
    ask: async (request) => {
      asked.push(request);
      return ok(asked.length);
    },
  });
  const lab = new PreferenceLab(session);
  const end = (...answers: readonly AnswerSummary[]) => {
    const events = answers.map(
      (one, sample) => ({ type: 'answerEnded', askId: asked.length, sample, summary: one }) as const,
    );
    emit(...events);
  };
  return { lab, asked, end, state: () => lab.usePreferenceLab.getState() };
}

it('keeps what was chosen, tells what was right, and asks the next problem', async () => {
  const { lab, asked, end, state } = await open();
  await lab.compare();
  expect(asked[0]).toMatchObject({ samples: 2, temperature: 1 });
  end(summary('1', true), summary('2', false));
  expect(state().current?.question).toBe(asked[0]?.question);
  await lab.prefer(false);
  expect(state().pairs).toEqual([
    {
      prompt: asked[0]?.question,
      chosen: '<think></think><answer>2</answer>',
      rejected: '<think></think><answer>1</answer>',
    },
  ]);
  expect(state()).toMatchObject({ last: { chosen: false, rejected: true }, known: { decided: 1, right: 0 } });
  expect(asked).toHaveLength(2);
  expect(asked[1]?.question).not.toBe(asked[0]?.question);
});

it('passes over answers that are alike, or have no end', async () => {
  const { lab, asked, end, state } = await open();
  await lab.compare();
  end(summary('1', true), summary('1', true));
  await vi.waitFor(() => expect(asked).toHaveLength(2));
  await settled();
  end(summary('1', true), summary('2', false, 'length'));
  await vi.waitFor(() => expect(asked).toHaveLength(3));
  expect(state()).toMatchObject({ isAsking: true, current: undefined, pairs: [] });
});

it('says why no answer comes, and forgets all choices when asked to', async () => {
  const { session } = await openStubSession({ ask: async () => refused('busy') });
  const lab = new PreferenceLab(session);
  await lab.compare();
  expect(lab.usePreferenceLab.getState()).toMatchObject({ isAsking: false, problem: { code: 'not_now' } });
  lab.chooseRater('you');
  lab.forgetPairs();
  expect(lab.usePreferenceLab.getState()).toMatchObject({ rater: 'you', pairs: [], problem: undefined });
});
