// A position of Nim as a problem of the task nim, also where it is lost and no move is asked.
import { isHeldOut } from '../split';
import type { Problem } from '../task';
import { bestMoves, MOST_TAKEN, writeHeaps, writeMove } from './nim';

export const NIM = 'nim';

/** The dials of the game that is learned while a reader waits: one heap or two, so few that a minute is enough. */
export const SMALL_NIM = { min_heaps: 1, max_heaps: 2, max_stones: 20 } as const;

/** Without an answer where no move wins. Heaps in any order are one position. */
export function positionOf(heaps: readonly number[]): Problem {
  const [best] = bestMoves(heaps);
  const canonical = `1-${MOST_TAKEN}:${heaps.toSorted((a, b) => a - b).join(',')}`;
  return { task: NIM, question: writeHeaps(heaps), answer: best ? writeMove(best) : '', canonical };
}

/** Whether a position is one of those that no training sees, won or lost. */
export const isHeldOutPosition = (heaps: readonly number[]): boolean => isHeldOut(positionOf(heaps));

/** Every position of so many heaps, each once whatever its order. */
export function allPositions(count: number, maxStones: number): number[][] {
  if (count === 0) return [[]];
  return allPositions(count - 1, maxStones).flatMap((heaps) => {
    const least = heaps.at(-1) ?? 1;
    return Array.from({ length: maxStones - least + 1 }, (_, i) => [...heaps, least + i]);
  });
}
