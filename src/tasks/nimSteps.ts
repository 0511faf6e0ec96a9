// Steps of thinking about a position of Nim: each heap's remainder by four, twenties taken off first, then the move itself:
// `13-12=1 then 27-20=7 then 7-4=3 then 27-2=25`.
import { judgeAlone } from './calculation';
import { afterMove, nimSum, readMove, remainderOf } from './games/nim';
import type { Standing } from './standing';

const TWENTY = 20;

/** The calculations that lead from a heap to its remainder. */
export function remainderSteps(heap: number): string[] {
  const rest = heap % TWENTY;
  const right = remainderOf(heap);
  const twenties = heap >= TWENTY ? [`${heap}-${heap - rest}=${rest}`] : [];
  const fours = heap < TWENTY || rest > right ? [`${rest}-${rest - right}=${right}`] : [];
  return [...twenties, ...fours];
}

/** The calculation of a move. */
export const moveStep = (heap: number, taken: number): string => `${heap}-${taken}=${heap - taken}`;

export const nimStanding = (heaps: readonly number[]): Standing => standingAt(heaps, heaps.map(remainderSteps), false);

const leftOf = (line: string) => line.slice(0, line.indexOf('=') + 1);

/** @param open for each heap the steps that were not taken yet. @param isMoved whether the move was written. */
function standingAt(heaps: readonly number[], open: readonly (readonly string[])[], isMoved: boolean): Standing {
  const missing = open.reduce((sum, steps) => sum + steps.length, 0);
  const standing: Standing = {
    missing: missing + (isMoved ? 0 : 1),
    follow(line) {
      const left = leftOf(line);
      const place = open.findIndex(([first]) => left !== '' && first !== undefined && leftOf(first) === left);
      if (place >= 0) {
        const rest = open.map((steps, i) => (i === place ? steps.slice(1) : steps));
        const isRight = line === open[place]?.[0];
        if (isRight || judgeAlone(line) === 'wrong') {
          return { mark: isRight ? 'right' : 'wrong', next: standingAt(heaps, rest, isMoved) };
        }
      }
      const isBest = missing === 0 && !isMoved && isBestMove(heaps, line);
      if (isBest) return { mark: 'right', next: standingAt(heaps, open, true) };
      return { mark: judgeAlone(line), next: standing };
    },
  };
  return standing;
}

function isBestMove(heaps: readonly number[], line: string): boolean {
  const move = readMove(line.slice(0, Math.max(0, line.indexOf('='))));
  const after = move && afterMove(heaps, move);
  return after !== undefined && nimSum(after) === 0 && line === moveStep(move?.heap ?? 0, move?.taken ?? 0);
}
