// A game of Nim between the reader and the loaded model, for the page's life.
import { create } from 'zustand';
import type { DescribedError, EngineEvent } from '../protocol/protocol';
import { afterMove, bestMoves, type NimMove, readMove, writeHeaps, writeMove } from '../tasks/games/nim';
import { isHeldOutPosition } from '../tasks/games/nimPosition';
import { HARDLY, teacherMoves } from '../tasks/games/nimTeacher';
import type { Session } from './session';

export type NimSide = 'reader' | 'model';

export interface NimTurn {
  readonly by: NimSide;
  /** As it was found. */
  readonly heaps: readonly number[];
  /** As it was written, legal or not; undefined where the model wrote none. */
  readonly move: string | undefined;
  /** What the model thought; undefined for a reader's. */
  readonly thinking?: string | undefined;
  readonly isLegal: boolean;
  /** After it the other one cannot win. */
  readonly isWinning: boolean;
  /** There was such a move. */
  readonly couldWin: boolean;
  readonly isHardlyTheTeachers: boolean;
  /** No training has this position. */
  readonly isUnseen: boolean;
}

export interface NimGameState {
  readonly heaps: readonly number[];
  readonly toMove: NimSide;
  readonly turns: readonly NimTurn[];
  /** undefined while the game goes on. */
  readonly winner: NimSide | undefined;
  /** The question that the model is asked now. */
  readonly askId: number | undefined;
  readonly isAsking: boolean;
  readonly problem: DescribedError | undefined;
}

const other = (side: NimSide): NimSide => (side === 'reader' ? 'model' : 'reader');

export const newNimGame = (heaps: readonly number[], toMove: NimSide): NimGameState => ({
  heaps,
  toMove,
  turns: [],
  winner: undefined,
  askId: undefined,
  isAsking: false,
  problem: undefined,
});

/** The game after a move of whoever is to move, written as an answer; who makes none that is legal has lost. */
export function afterTurn(state: NimGameState, text: string | undefined, thinking?: string): NimGameState {
  const { heaps, toMove: by } = state;
  const move = text === undefined ? undefined : readMove(text);
  const left = move && afterMove(heaps, move);
  const best = bestMoves(heaps).map(writeMove);
  const share = teacherMoves(heaps).find((one) => move && writeMove(one.move) === writeMove(move))?.share;
  const turn: NimTurn = {
    by,
    heaps,
    move: text,
    thinking,
    isLegal: left !== undefined,
    isWinning: move !== undefined && best.includes(writeMove(move)),
    couldWin: best.length > 0,
    isHardlyTheTeachers: share !== undefined && share < HARDLY,
    isUnseen: isHeldOutPosition(heaps),
  };
  const winner = left === undefined ? other(by) : left.length === 0 ? by : undefined;
  const turns = [...state.turns, turn];
  return { ...state, heaps: left ?? heaps, toMove: other(by), turns, winner, askId: undefined, isAsking: false };
}

/** What an event of the engine changes while the model is asked. */
export function reduceNimGame(state: NimGameState, event: EngineEvent): NimGameState {
  if (!state.isAsking) return state;
  if (event.type === 'deviceLost') return { ...state, isAsking: false, askId: undefined, problem: event.error };
  if (!('askId' in event) || event.askId !== state.askId) return state;
  if (event.type === 'askFailed') return { ...state, isAsking: false, askId: undefined, problem: event.error };
  if (event.type !== 'answerEnded') return state;
  return afterTurn(state, event.summary.answer, event.summary.thinking);
}

/** No training has it, and it can be won. */
const FIRST = [13, 19];
const MOST_TOKENS = 64;

export class NimGameStore {
  readonly useNimGame = create<NimGameState>()(() => newNimGame(FIRST, 'reader'));
  #seed = 0;

  constructor(private readonly session: Pick<Session, 'callEngine' | 'onEngineEvents'>) {
    session.onEngineEvents((batch) => this.useNimGame.setState((state) => batch.reduce(reduceNimGame, state)));
  }

  /** Begins another game; the model moves at once where it is to move first. */
  begin = async (heaps: readonly number[], toMove: NimSide): Promise<void> => {
    if (this.useNimGame.getState().isAsking) return;
    this.useNimGame.setState(newNimGame(heaps, toMove));
    if (toMove === 'model') await this.#ask();
  };

  /** The reader's move, and then the model's. Not while the model is asked, nor after the end. */
  move = async (move: NimMove): Promise<void> => {
    const { toMove, winner, isAsking } = this.useNimGame.getState();
    if (toMove !== 'reader' || winner || isAsking) return;
    this.useNimGame.setState((state) => afterTurn(state, writeMove(move)));
    if (!this.useNimGame.getState().winner) await this.#ask();
  };

  /** Asks the model again, after what went wrong. */
  askAgain = (): Promise<void> => this.#ask();

  async #ask(): Promise<void> {
    const { heaps } = this.useNimGame.getState();
    this.useNimGame.setState({ isAsking: true, problem: undefined });
    const asked = await this.session.callEngine((api) =>
      api.ask({
        question: writeHeaps(heaps),
        temperature: 0,
        topP: 1,
        topK: 0,
        seed: this.#seed++,
        maxTokens: MOST_TOKENS,
        samples: 1,
        thinking: null,
      }),
    );
    this.useNimGame.setState(asked.ok ? { askId: asked.value } : { isAsking: false, problem: asked.error });
  }
}
