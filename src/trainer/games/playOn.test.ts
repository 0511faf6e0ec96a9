import fc from 'fast-check';
import { expect, it } from 'vitest';
import { nim, writeHeaps } from '../../tasks/games/nim';
import { perfectPlayer } from '../../tasks/games/players';
import { playOn } from './playOn';

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
