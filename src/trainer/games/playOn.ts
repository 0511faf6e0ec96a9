// The worth of a move shows only in how the game ends: the model plays it on, both sides, from where the move leads.
import type { Game } from '../../tasks/games/game';
import { type Player, playGames, type Start } from '../../tasks/games/referee';

/** How a game that was played on from one answer came out. */
export interface Outcome {
  /** Who gave the answer. */
  readonly hasWon: boolean;
  /** Moves of the whole game, the answer included. */
  readonly plies: number;
  /** It ended with a move that is not legal. */
  readonly isForfeit: boolean;
}

/** The mover of the answers is side 0. */
interface Move {
  readonly question: string;
  readonly answer: string | undefined;
}

/** A player that is asked once for each position: for one that always makes the same move there. */
export function remembering(player: Player): Player {
  const known = new Map<string, string | undefined>();
  return {
    async choose(questions, _, ply) {
      const unknown = [...new Set(questions)].filter((question) => !known.has(question));
      const moves = unknown.length > 0 ? await player.choose(unknown, [...unknown.keys()], ply) : [];
      for (const [i, question] of unknown.entries()) known.set(question, moves[i]);
      return questions.map((question) => known.get(question));
    },
  };
}

/** Plays every game on to its end; an answer that is no legal move has lost at once. */
export async function playOn(game: Game, moves: readonly Move[], player: Player): Promise<Outcome[]> {
  const after = moves.map(({ question, answer }) => game.play(question, answer));
  const going = after.flatMap((played, i) => (played && !played.isWon ? [{ i, question: played.question }] : []));
  const starts = going.map(({ question }): Start => ({ question, toMove: 1 }));
  const games = await playGames(game, starts, [player, player]);
  const outcomes = after.map((played): Outcome => ({ hasWon: played?.isWon ?? false, plies: 1, isForfeit: !played }));
  for (const [at, { i }] of going.entries()) {
    const { winner, plies, isForfeit } = games[at] as (typeof games)[number];
    outcomes[i] = { hasWon: winner === 0, plies: 1 + plies.length, isForfeit };
  }
  return outcomes;
}

/** Under `games/`: the mean length in moves, and the share that ended with a move that is not legal. */
export function outcomeMetrics(outcomes: readonly Outcome[]): Record<string, number> {
  if (outcomes.length === 0) return {};
  const mean = (of: (outcome: Outcome) => number) => outcomes.reduce((sum, one) => sum + of(one), 0) / outcomes.length;
  return {
    'games/mean_plies': mean(({ plies }) => plies),
    'games/forfeits': mean(({ isForfeit }) => Number(isForfeit)),
  };
}
