// Plays games of two to the end: whoever is to move is asked, all games at once; who makes a move that is not legal has lost.
import type { Game } from './game';

/** The first to move in a position, or the other one. */
export type Side = 0 | 1;

/** Chooses moves; a person, a program or a model. */
export interface Player {
  /**
   * A move in each position; undefined where it has none to say. @param games the number of the game that each position is of.
   * @param ply moves made before in these games.
   */
  choose(
    questions: readonly string[],
    games: readonly number[],
    ply: number,
  ): Promise<readonly (string | undefined)[]> | readonly (string | undefined)[];
}

/** A position from which a game is played, and who is to move there. */
export interface Start {
  readonly question: string;
  readonly toMove: Side;
}

export interface Ply {
  readonly question: string;
  readonly by: Side;
  readonly move: string | undefined;
}

export interface PlayedGame {
  readonly winner: Side;
  readonly plies: readonly Ply[];
  /** It ended with a move that is not legal. */
  readonly isForfeit: boolean;
}

/** Far more than any game here has: a game that does not end is an error of its rules. */
const MOST_PLIES = 1000;

interface Board {
  question: string;
  toMove: Side;
  readonly plies: Ply[];
  result?: Omit<PlayedGame, 'plies'>;
}

const other = (side: Side): Side => (side === 0 ? 1 : 0);

/** Plays from each start to the end; `players` by the side that they play. */
export async function playGames(
  game: Game,
  starts: readonly Start[],
  players: readonly [Player, Player],
): Promise<PlayedGame[]> {
  const boards = starts.map(({ question, toMove }): Board => ({ question, toMove, plies: [] }));
  for (let ply = 0; boards.some(({ result }) => !result); ply++) {
    if (ply === MOST_PLIES) throw new Error(`a game has not ended after ${MOST_PLIES} moves`);
    // Chosen before any is made, so that nobody is asked twice in one round.
    const turns = ([0, 1] as const).map((side) => boards.filter((b) => !b.result && b.toMove === side));
    for (const side of [0, 1] as const) await takeTurn(game, boards, turns[side] ?? [], players[side], ply);
  }
  return boards.map(({ plies, result }) => ({ ...(result as Omit<PlayedGame, 'plies'>), plies }));
}

async function takeTurn(game: Game, all: readonly Board[], boards: readonly Board[], player: Player, ply: number) {
  if (boards.length === 0) return;
  const questions = boards.map(({ question }) => question);
  const moves = await player.choose(
    questions,
    boards.map((board) => all.indexOf(board)),
    ply,
  );
  for (const [i, board] of boards.entries()) {
    const move = moves[i];
    const after = game.play(board.question, move);
    board.plies.push({ question: board.question, by: board.toMove, move });
    if (!after) board.result = { winner: other(board.toMove), isForfeit: true };
    else if (after.isWon) board.result = { winner: board.toMove, isForfeit: false };
    else Object.assign(board, { question: after.question, toMove: other(board.toMove) });
  }
}
