// What a model can do at Nim, on positions that no training sees: how often it finds a winning move, how often one that its
// teacher hardly makes, and against whom it wins.
import type { SamplingOptions } from '../../engine/generateRequest';
import type { Generator } from '../../engine/generator';
import type { LanguageModel } from '../../engine/languageModel';
import { rng, shuffled } from '../../lib/rng';
import { afterMove, bestMoves, type NimMove, nim, readMove, writeHeaps, writeMove } from '../../tasks/games/nim';
import { allPositions, isHeldOutPosition } from '../../tasks/games/nimPosition';
import { HARDLY, teacherMoves } from '../../tasks/games/nimTeacher';
import { perfectPlayer, randomPlayer, teacherPlayer } from '../../tasks/games/players';
import { type Player, playGames, type Side } from '../../tasks/games/referee';
import { modelPlayer } from './modelPlayer';

const OPPONENTS = ['random', 'teacher', 'perfect'] as const;
export type Opponent = (typeof OPPONENTS)[number];

export interface Wins {
  /** Share of games won from positions in which the one measured moves first and can win. */
  readonly first: number;
  /** The same where the other one moves first, and can win. */
  readonly second: number;
}

export interface NimMeasure {
  /** Positions that were asked: held out, with a winning move. */
  readonly positions: number;
  /** Share of its moves there that win against perfect play. */
  readonly optimal: number;
  /** The same by the number of heaps. */
  readonly optimalByHeaps: Readonly<Record<string, number>>;
  readonly legal: number;
  /** Share of its moves there that the teacher hardly makes (HARDLY). */
  readonly rare: number;
  /** Share of its moves there that win and that the teacher hardly makes. */
  readonly rareOptimal: number;
  /** Share of its moves that win, where every winning move is one that the teacher hardly makes; NaN without such positions. */
  readonly optimalWhereRare: number;
  readonly wins: Readonly<Record<Opponent, Wins>>;
}

export interface NimField {
  readonly minHeaps: number;
  readonly maxHeaps: number;
  readonly maxStones: number;
}

/** The held-out positions with a winning move, each in one order drawn from the seed; at most so many. */
export function nimPositions({ minHeaps, maxHeaps, maxStones }: NimField, seed: number, most: number): number[][] {
  const counts = Array.from({ length: maxHeaps - minHeaps + 1 }, (_, i) => minHeaps + i);
  const all = counts
    .flatMap((count) => allPositions(count, maxStones))
    .filter((heaps) => bestMoves(heaps).length > 0 && isHeldOutPosition(heaps));
  return shuffled(all.length, rng(seed, 'evaluate'))
    .slice(0, most)
    .map((place, i) => {
      const heaps = all[place] as number[];
      return shuffled(heaps.length, rng(seed, 'evaluate', 1, i)).map((at) => heaps[at] as number);
    });
}

/** How one move of a position is judged. */
interface Judged {
  readonly isLegal: boolean;
  readonly isOptimal: boolean;
  readonly isRare: boolean;
}

const rarity = (heaps: readonly number[], move: NimMove) =>
  teacherMoves(heaps).find((one) => writeMove(one.move) === writeMove(move))?.share ?? 0;

/** Whether a winning move of this position is one that the teacher makes at all often. */
const isRarePosition = (heaps: readonly number[]) => bestMoves(heaps).every((move) => rarity(heaps, move) < HARDLY);

export function judgeMove(heaps: readonly number[], text: string | undefined): Judged {
  const move = text === undefined ? undefined : readMove(text);
  const isLegal = move !== undefined && afterMove(heaps, move) !== undefined;
  if (!move || !isLegal) return { isLegal: false, isOptimal: false, isRare: false };
  return {
    isLegal,
    isOptimal: nim.best(writeHeaps(heaps)).includes(writeMove(move)),
    isRare: rarity(heaps, move) < HARDLY,
  };
}

export interface NimMeasureOptions {
  readonly field: NimField;
  readonly seed: number;
  /** The most positions; each is answered `samples` times, and a game is played from each on both sides. */
  readonly most: number;
  readonly samples: number;
}

/** Measures a player; `of` makes it for a round, so that no two rounds draw alike. */
export async function measureNim(of: (round: number) => Player, options: NimMeasureOptions): Promise<NimMeasure> {
  const { field, seed, most, samples } = options;
  const positions = nimPositions(field, seed, most);
  const asked = Array.from({ length: samples }, () => positions).flat();
  const player = of(0);
  const moves = await player.choose(asked.map(writeHeaps), [...asked.keys()], 0);
  const judged = asked.map((heaps, i) => ({ heaps, ...judgeMove(heaps, moves[i]) }));
  const share = (all: readonly Judged[], is: (one: Judged) => boolean) => all.filter(is).length / all.length;
  const wins = {} as Record<Opponent, Wins>;
  for (const [i, name] of OPPONENTS.entries()) {
    const opponent = OPPONENT_OF[name](seed + 1);
    const start = (toMove: Side) => positions.map((heaps) => ({ question: writeHeaps(heaps), toMove }));
    const first = await playGames(nim, start(0), [of(1 + 2 * i), opponent]);
    const second = await playGames(nim, start(1), [of(2 + 2 * i), opponent]);
    const won = (games: readonly { winner: Side }[]) =>
      games.filter(({ winner }) => winner === 0).length / games.length;
    wins[name] = { first: won(first), second: won(second) };
  }
  const rarePositions = judged.filter(({ heaps }) => isRarePosition(heaps));
  return {
    positions: positions.length,
    optimal: share(judged, ({ isOptimal }) => isOptimal),
    optimalByHeaps: Object.fromEntries(
      [...new Set(positions.map((heaps) => heaps.length))].sort().map((count) => [
        count,
        share(
          judged.filter(({ heaps }) => heaps.length === count),
          ({ isOptimal }) => isOptimal,
        ),
      ]),
    ),
    legal: share(judged, ({ isLegal }) => isLegal),
    rare: share(judged, ({ isRare }) => isRare),
    rareOptimal: share(judged, ({ isRare, isOptimal }) => isRare && isOptimal),
    optimalWhereRare: share(rarePositions, ({ isOptimal }) => isOptimal),
    wins,
  };
}

const OPPONENT_OF: Readonly<Record<Opponent, (seed: number) => Player>> = {
  random: (seed) => randomPlayer(nim, seed),
  teacher: (seed) => teacherPlayer(seed),
  perfect: (seed) => perfectPlayer(nim, seed),
};

/** A model, answering as `sampling` says. */
export const measureModel = (
  model: LanguageModel,
  generator: Generator,
  sampling: SamplingOptions,
  options: NimMeasureOptions,
) => measureNim((round) => modelPlayer(model, generator, sampling, options.seed, round), options);

/** The heaps that a task's dials allow. */
export const fieldOf = (difficulty: Readonly<Record<string, number>>): NimField => ({
  minHeaps: difficulty.min_heaps ?? 1,
  maxHeaps: difficulty.max_heaps ?? 1,
  maxStones: difficulty.max_stones ?? 20,
});
