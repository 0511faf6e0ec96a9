// What a game of two is, in text: a position is a question, a move is an answer. Whoever is to move reads the position.

/** What a move leads to. */
export interface Played {
  /** The position that the other one finds; empty where the game is over. */
  readonly question: string;
  /** The mover has won. */
  readonly isWon: boolean;
}

/** A game in which nothing is hidden and nothing is left to chance. A text that is no position of it has no moves. */
export interface Game {
  /** Every legal move in a position, written as answers. */
  moves(question: string): readonly string[];
  /** What a move leads to; undefined where the rules do not allow it, or it is no move at all. */
  play(question: string, move: string | undefined): Played | undefined;
  /** The moves after which the other one cannot win against perfect play. For judging only: no reward may look at it. */
  best(question: string): readonly string[];
}
