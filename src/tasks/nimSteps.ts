// Steps of thinking about a position of Nim: each heap's remainder by four, twenties taken off first, then how many are to be
// taken of which remainder, then the move itself: `13-12=1 then 27-20=7 then 7-4=3 then 3-1=2 then 27-2=25`.
import { judgeAlone } from './calculation';
import { bestMoves, MOST_TAKEN, type NimMove, remainderOf } from './games/nim';
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

/** How many are to be taken for a heap's remainder to become another one. */
export function evenStep(remainder: number, wanted: number): string {
  const from = remainder < wanted ? remainder + MOST_TAKEN + 1 : remainder;
  return `${from}-${wanted}=${from - wanted}`;
}

/** The same of a move: what it makes of its heap's remainder. */
export const evenStepOf = ({ heap, taken }: NimMove) => evenStep(remainderOf(heap), remainderOf(heap - taken));

/** The calculation of a move. */
export const moveStep = (heap: number, taken: number): string => `${heap}-${taken}=${heap - taken}`;

/** The steps that are left, in their order: the remainders, the difference, the move. */
interface Left {
  /** For each heap the steps that were not taken yet. */
  readonly open: readonly (readonly string[])[];
  readonly isEvened: boolean;
  readonly isMoved: boolean;
}

export const nimStanding = (heaps: readonly number[]): Standing =>
  standingAt(heaps, { open: heaps.map(remainderSteps), isEvened: false, isMoved: false });

const leftOf = (line: string) => line.slice(0, line.indexOf('=') + 1);

function standingAt(heaps: readonly number[], left: Left): Standing {
  const { open, isEvened, isMoved } = left;
  const remainders = open.reduce((sum, steps) => sum + steps.length, 0);
  const standing: Standing = {
    missing: remainders + (isEvened ? 0 : 1) + (isMoved ? 0 : 1),
    follow(line) {
      const start = leftOf(line);
      const place = open.findIndex(([first]) => start !== '' && first !== undefined && leftOf(first) === start);
      if (place >= 0) {
        const rest = open.map((steps, i) => (i === place ? steps.slice(1) : steps));
        const isRight = line === open[place]?.[0];
        if (isRight || judgeAlone(line) === 'wrong') {
          return { mark: isRight ? 'right' : 'wrong', next: standingAt(heaps, { ...left, open: rest }) };
        }
      }
      if (remainders === 0 && !isMoved) {
        const moves = bestMoves(heaps);
        const evened = { ...left, isEvened: true };
        if (!isEvened && moves.some((move) => line === evenStepOf(move)))
          return { mark: 'right', next: standingAt(heaps, evened) };
        if (moves.some(({ heap, taken }) => line === moveStep(heap, taken)))
          return { mark: 'right', next: standingAt(heaps, { ...evened, isMoved: true }) };
      }
      return { mark: judgeAlone(line), next: standing };
    },
  };
  return standing;
}
