// Players that are programs: one plays at random, one perfectly, one is the teacher. What they do depends on the seed alone.
import { type Rng, rng } from '../../lib/rng';
import type { Game } from './game';
import { readHeaps, writeMove } from './nim';
import { NIM_TEACHER, type NimTeacher, teacherTurn } from './nimTeacher';
import type { Player } from './referee';

const playerOf = (seed: number, choose: (question: string, rng: Rng) => string | undefined): Player => ({
  choose: (questions, games, ply) =>
    questions.map((question, i) => choose(question, rng(seed, 'game', games[i] as number, ply))),
});

/** Any legal move, each as likely. */
export const randomPlayer = (game: Game, seed: number): Player =>
  playerOf(seed, (question, rng) => rng.pick(game.moves(question)));

/** A move that wins; where none does, any. */
export const perfectPlayer = (game: Game, seed: number): Player =>
  playerOf(seed, (question, rng) => {
    const best = game.best(question);
    return rng.pick(best.length > 0 ? best : game.moves(question));
  });

export const teacherPlayer = (seed: number, teacher: NimTeacher = NIM_TEACHER): Player =>
  playerOf(seed, (question, rng) => writeMove(teacherTurn(readHeaps(question) ?? [], teacher, rng).move));
