// Nim with small hands: one to three heaps; a move takes one to three stones from one heap; who takes the last stone wins.
// A heap counts as the remainder of its stones by four (Sprague and Grundy: of a subtraction game with 1, 2, 3 that is its
// nim value), and a position is lost for the mover where the exclusive or of these remainders is 0.
import { readTyped } from '../typed';
import type { Game } from './game';

export const MOST_HEAPS = 3;
export const MOST_TAKEN = 3;
/** Heaps count by their remainder. */
const PERIOD = MOST_TAKEN + 1;

const QUESTION = /^nim([1-9]\d?(?:,[1-9]\d?){0,2})\??$/;
const MOVE = /^([1-9]\d?)-([1-3])$/;

/** A move: so many stones from a heap of that size. Heaps of one size are alike. */
export interface NimMove {
  readonly heap: number;
  readonly taken: number;
}

export const remainderOf = (heap: number): number => heap % PERIOD;

/** The exclusive or of the heaps' remainders: 0 where the mover loses against perfect play. */
export const nimSum = (heaps: readonly number[]): number => heaps.reduce((sum, heap) => sum ^ remainderOf(heap), 0);

/** The heaps of a question, `nim 13,7`, in its order; undefined if the text is none. */
export function readHeaps(question: string): number[] | undefined {
  return QUESTION.exec(readTyped(question) ?? '')?.[1]
    ?.split(',')
    .map(Number);
}

export const writeHeaps = (heaps: readonly number[]): string => `nim ${heaps.join(',')}`;

/** `13-2`; undefined if the text is no move, whatever the position. */
export function readMove(text: string): NimMove | undefined {
  const [, heap, taken] = MOVE.exec(readTyped(text) ?? '') ?? [];
  return heap && taken ? { heap: Number(heap), taken: Number(taken) } : undefined;
}

export const writeMove = ({ heap, taken }: NimMove): string => `${heap}-${taken}`;

/** The heaps after a move, without those that are empty; undefined where it is not legal. */
export function afterMove(heaps: readonly number[], { heap, taken }: NimMove): number[] | undefined {
  const place = heaps.indexOf(heap);
  if (place < 0 || taken < 1 || taken > Math.min(MOST_TAKEN, heap)) return undefined;
  return heaps.flatMap((stones, i) => (i !== place ? stones : stones > taken ? stones - taken : []));
}

/** Every legal move, each once. */
export function legalMoves(heaps: readonly number[]): NimMove[] {
  return [...new Set(heaps)].flatMap((heap) =>
    Array.from({ length: Math.min(MOST_TAKEN, heap) }, (_, i) => ({ heap, taken: i + 1 })),
  );
}

/** The moves that leave a lost position; none where the mover's own is lost. */
export function bestMoves(heaps: readonly number[]): NimMove[] {
  return legalMoves(heaps).filter((move) => nimSum(afterMove(heaps, move) ?? []) === 0);
}

const textsOf = (question: string, of: (heaps: readonly number[]) => readonly NimMove[]) => {
  const heaps = readHeaps(question);
  return heaps ? of(heaps).map(writeMove) : [];
};

export const nim: Game = {
  moves: (question) => textsOf(question, legalMoves),
  best: (question) => textsOf(question, bestMoves),
  play(question, text) {
    const heaps = readHeaps(question);
    const move = text === undefined ? undefined : readMove(text);
    const left = heaps && move && afterMove(heaps, move);
    return left && { question: left.length > 0 ? writeHeaps(left) : '', isWon: left.length === 0 };
  },
};
