// A mediocre player of Nim, to be imitated. It thinks about a part of its moves, slips in a part of its thoughts, looks at
// its two largest heaps only, and hardly dares to take three. How likely it makes each move is known exactly.
import * as v from 'valibot';
import type { Rng } from '../../lib/rng';
import { formatCompletion } from '../completion';
import { evenStep, moveStep, remainderSteps } from '../nimSteps';
import { legalMoves, MOST_TAKEN, type NimMove, remainderOf, writeMove } from './nim';

/** A move that the teacher makes more seldom than this is one that its games hardly have. */
export const HARDLY = 0.05;

const share = (fallback: number) => v.optional(v.pipe(v.number(), v.minValue(0), v.maxValue(1)), fallback);

export const nimTeacherSchema = v.strictObject({
  /** Share of its moves that it thinks about; the others are made at once. */
  think_share: share(0.6),
  /** Share of its thoughts in which one heap's remainder is wrong. */
  slip_share: share(0.2),
  /** How often it takes three where its thinking says three; else it takes one or two. */
  bold_share: share(0.03),
});
export type NimTeacher = v.InferOutput<typeof nimTeacherSchema>;

export const NIM_TEACHER: NimTeacher = v.parse(nimTeacherSchema, {});

/** A move and how likely it is. */
export interface LikelyMove {
  readonly move: NimMove;
  readonly share: number;
}

/** How often a move that is made at once takes one, two or three stones. */
const BLURTED = [0.6, 0.37, 0.03] as const;

/** What it means to do by these remainders: to even out those of its two largest heaps, by the larger remainder. */
function meant(heaps: readonly number[], remainders: readonly number[]) {
  const order = heaps.map((_, i) => i).sort((a, b) => (heaps[b] as number) - (heaps[a] as number) || a - b);
  const [first = 0, second] = order;
  const [one, two] = [remainders[first] ?? 0, second === undefined ? 0 : (remainders[second] ?? 0)];
  const place = second !== undefined && two > one ? second : first;
  return { heap: heaps[place] as number, remainder: Math.max(one, two), other: Math.min(one, two) };
}

/** What it then does. */
function byRemainders(heaps: readonly number[], remainders: readonly number[], bold: number): LikelyMove[] {
  const { heap, remainder, other } = meant(heaps, remainders);
  // Where nothing is to be evened out, it takes one.
  const wanted = Math.min(heap, remainder - other || 1);
  if (wanted < MOST_TAKEN) return [{ move: { heap, taken: wanted }, share: 1 }];
  return [1, 2, 3].map((taken) => ({ move: { heap, taken }, share: taken === MOST_TAKEN ? bold : (1 - bold) / 2 }));
}

function blurted(heaps: readonly number[]): LikelyMove[] {
  return heaps.flatMap((heap) => {
    const weights = BLURTED.slice(0, Math.min(MOST_TAKEN, heap));
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    return weights.map((weight, i) => ({ move: { heap, taken: i + 1 }, share: weight / total / heaps.length }));
  });
}

/** Every way in which one remainder is written wrong. */
const slips = (remainders: readonly number[]): number[][] =>
  remainders.flatMap((_, place) => [1, 2, 3].map((by) => remainders.map((r, i) => (i === place ? (r + by) % 4 : r))));

/** How likely the teacher makes each legal move, all of them together 1. */
export function teacherMoves(heaps: readonly number[], teacher: NimTeacher = NIM_TEACHER): LikelyMove[] {
  const { think_share, slip_share, bold_share } = teacher;
  const right = heaps.map(remainderOf);
  const wrong = slips(right);
  const parts: readonly (readonly [number, LikelyMove[]])[] = [
    [1 - think_share, blurted(heaps)],
    [think_share * (1 - slip_share), byRemainders(heaps, right, bold_share)],
    ...wrong.map(
      (remainders) => [(think_share * slip_share) / wrong.length, byRemainders(heaps, remainders, bold_share)] as const,
    ),
  ];
  const shares = new Map<string, number>();
  for (const [weight, moves] of parts) {
    for (const { move, share } of moves) {
      shares.set(writeMove(move), (shares.get(writeMove(move)) ?? 0) + weight * share);
    }
  }
  return legalMoves(heaps).map((move) => ({ move, share: shares.get(writeMove(move)) ?? 0 }));
}

function draw(moves: readonly LikelyMove[], rng: Rng): NimMove {
  let point = rng.uniform() * moves.reduce((sum, { share }) => sum + share, 0);
  const chosen = moves.find(({ share }) => {
    point -= share;
    return point < 0;
  });
  return (chosen ?? (moves.at(-1) as LikelyMove)).move;
}

/** One move of the teacher's, with what it writes. */
export function teacherTurn(heaps: readonly number[], teacher: NimTeacher, rng: Rng) {
  const { think_share, slip_share, bold_share } = teacher;
  if (!rng.chance(think_share)) {
    const move = draw(blurted(heaps), rng);
    return { move, completion: formatCompletion('', writeMove(move)) };
  }
  const right = heaps.map(remainderOf);
  const remainders = rng.chance(slip_share) ? rng.pick(slips(right)) : right;
  const move = draw(byRemainders(heaps, remainders, bold_share), rng);
  const steps = heaps.flatMap((heap, i) => {
    const own = remainderSteps(heap);
    const last = own.at(-1) ?? '';
    return [...own.slice(0, -1), `${last.slice(0, last.indexOf('=') + 1)}${remainders[i]}`];
  });
  const { remainder, other } = meant(heaps, remainders);
  const thinking = [...steps, evenStep(remainder, other), moveStep(move.heap, move.taken)].join(' then ');
  return { move, completion: formatCompletion(thinking, writeMove(move)) };
}
