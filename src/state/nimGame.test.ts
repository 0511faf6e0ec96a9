import { expect, it } from 'vitest';
import type { AnswerSummary, AskRequest } from '../protocol/protocol';
import { ok, openStubSession, refused } from '../testing/stubEngine';
import { afterTurn, NimGameStore, newNimGame, reduceNimGame } from './nimGame';

const answered = (askId: number, answer: string | undefined) => {
  const summary = { answer, thinking: '7-4=3' } as AnswerSummary;
  return { type: 'answerEnded', askId, sample: 0, summary } as const;
};

it('says of a move whether it wins, whether one could win, and whether the teacher hardly makes it', () => {
  const bold = afterTurn(newNimGame([7], 'model'), '7-3', '7-4=3 then 7-3=4');
  expect(bold.turns[0]).toMatchObject({ isWinning: true, couldWin: true, isHardlyTheTeachers: true, isLegal: true });
  expect(bold).toMatchObject({ heaps: [4], toMove: 'reader', winner: undefined });
  const lost = afterTurn(bold, '4-1');
  expect(lost.turns[1]).toMatchObject({ isWinning: false, couldWin: false, isHardlyTheTeachers: false });
});

it('is won with the last stone, and lost with a move that is not legal', () => {
  expect(afterTurn(newNimGame([2], 'reader'), '2-2').winner).toBe('reader');
  for (const move of ['9-1', '2-3', 'x', undefined])
    expect(afterTurn(newNimGame([2], 'model'), move).winner).toBe('reader');
});

it('asks the model for its move, and takes that of its own question alone', async () => {
  const asked: AskRequest[] = [];
  const { session, emit } = await openStubSession({
    ask: async (request) => {
      asked.push(request);
      return ok(asked.length);
    },
  });
  const store = new NimGameStore(session);
  await store.begin([5, 3], 'reader');
  await store.move({ heap: 5, taken: 2 });
  expect(asked.map(({ question }) => question)).toEqual(['nim 3,3']);
  await store.move({ heap: 3, taken: 1 });
  expect(store.useNimGame.getState().turns).toHaveLength(1);
  emit(answered(7, '3-1'));
  expect(store.useNimGame.getState().isAsking).toBe(true);
  emit(answered(1, '3-1'));
  expect(store.useNimGame.getState()).toMatchObject({ heaps: [2, 3], toMove: 'reader', isAsking: false });
});

it('stands where it is when the model cannot be asked, and can ask again', async () => {
  let isBusy = true;
  const { session } = await openStubSession({ ask: async () => (isBusy ? refused('time') : ok(3)) });
  const store = new NimGameStore(session);
  await store.begin([5], 'model');
  expect(store.useNimGame.getState()).toMatchObject({ isAsking: false, toMove: 'model', problem: { code: 'not_now' } });
  isBusy = false;
  await store.askAgain();
  expect(store.useNimGame.getState()).toMatchObject({ isAsking: true, problem: undefined });
  const failed = { type: 'askFailed', askId: 3, error: refused('device').error } as const;
  expect(reduceNimGame(store.useNimGame.getState(), failed)).toMatchObject({ isAsking: false });
});
