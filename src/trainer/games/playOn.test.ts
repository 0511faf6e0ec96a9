import fc from 'fast-check';
import { expect, it } from 'vitest';
import { nim, writeHeaps } from '../../tasks/games/nim';
import { perfectPlayer } from '../../tasks/games/players';
import { playOn, remembering } from './playOn';

const heaps = fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 1, maxLength: 3 });

it('a game that is played on from an answer is won by who gave it, or not', async () => {
  await fc.assert(
    fc.asyncProperty(heaps, async (position) => {
      const moves = nim.moves(writeHeaps(position)).map((answer) => ({ question: writeHeaps(position), answer }));
      const outcomes = await playOn(nim, moves, perfectPlayer(nim, 1));
      const best = nim.best(writeHeaps(position));
      expect(outcomes.map(({ hasWon }) => hasWon)).toEqual(moves.map(({ answer }) => best.includes(answer)));
    }),
    { numRuns: 100 },
  );
  const [none] = await playOn(nim, [{ question: 'nim 9', answer: undefined }], perfectPlayer(nim, 1));
  expect(none).toEqual({ hasWon: false, plies: 1, isForfeit: true });
});

it('a player that always makes the same move is asked once for each position, whatever games it plays', async () => {
  const asked: string[] = [];
  const player = remembering({
    choose: (questions) => {
      asked.push(...questions);
      return questions.map((question) => nim.moves(question)[0]);
    },
  });
  const moves = ['9-1', '9-2', '9-1'].map((answer) => ({ question: 'nim 9', answer }));
  const outcomes = await playOn(nim, moves, player);
  expect(outcomes.map(({ plies }) => plies)).toEqual([9, 8, 9]);
  expect(outcomes[0]).toEqual(outcomes[2]);
  expect(asked).toHaveLength(new Set(asked).size);
  expect(asked).toHaveLength(8);
});
