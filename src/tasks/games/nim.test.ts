import { describe, expect, it } from 'vitest';
import { rng } from '../../lib/rng';
import { task } from '../kinds/nim';
import { sampleProblem } from '../split';
import { readSteps } from '../steps';
import { afterMove, bestMoves, legalMoves, nim, readHeaps, writeHeaps, writeMove } from './nim';
import { allPositions, isHeldOutPosition, SMALL_NIM } from './nimPosition';
import { NIM_TEACHER, teacherMoves, teacherTurn } from './nimTeacher';
import { perfectPlayer, randomPlayer, teacherPlayer } from './players';
import { type Player, playGames } from './referee';
import { teacherDocument } from './teacherGames';
import { teacherShare } from './teacherShare';

/** Whether the mover wins, by trying every game to its end. */
function canWin(position: readonly number[], known = new Map<string, boolean>()): boolean {
  const key = position.toSorted((a, b) => a - b).join();
  const found = known.get(key) ?? legalMoves(position).some((move) => !canWin(afterMove(position, move) ?? [], known));
  known.set(key, found);
  return found;
}

describe('Nim', () => {
  it('has for its best moves exactly those after which the other one cannot win, as every game tried shows', () => {
    const known = new Map<string, boolean>();
    for (const position of [...allPositions(1, 40), ...allPositions(2, 14), ...allPositions(3, 9)]) {
      const winning = legalMoves(position).filter((move) => !canWin(afterMove(position, move) ?? [], known));
      expect([position, bestMoves(position)]).toEqual([position, winning]);
    }
  });

  it('takes a move that is legal and no other', () => {
    expect(nim.play('nim 13,2', '13-3')).toEqual({ question: 'nim 10,2', isWon: false });
    expect(nim.play('nim 13,2', '2-2')).toEqual({ question: 'nim 13', isWon: false });
    expect(nim.play('nim 3', '3-3')).toEqual({ question: '', isWon: true });
    for (const move of ['13-4', '2-3', '5-1', '13-0', '', '13', undefined, '13-3,2-1'])
      expect([move, nim.play('nim 13,2', move)]).toEqual([move, undefined]);
    expect(nim.moves('9-8+3=?')).toEqual([]);
  });
});

describe('the teacher', () => {
  it('makes its moves as often as is said of it', () => {
    for (const position of [[7], [13, 7], [5, 9, 2]]) {
      const count = new Map<string, number>();
      const draw = rng(1, 'corpus');
      for (let i = 0; i < 20_000; i++) {
        const text = writeMove(teacherTurn(position, NIM_TEACHER, draw).move);
        count.set(text, (count.get(text) ?? 0) + 1);
      }
      const told = teacherMoves(position);
      expect(told.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 9);
      // Four standard deviations of 20,000 draws.
      for (const { move, share } of told)
        expect(Math.abs((count.get(writeMove(move)) ?? 0) / 20_000 - share)).toBeLessThan(0.015);
    }
  });

  it('finds a winning move as often as is said of it', async () => {
    const questions = Array.from(
      { length: 4000 },
      (_, i) => sampleProblem(task, SMALL_NIM, 'held-out', rng(5, 'evaluate', i)).question,
    );
    const moves = await teacherPlayer(6).choose(questions, [...questions.keys()], 0);
    const winning = questions.filter((question, i) => nim.best(question).includes(moves[i] ?? ''));
    // Three standard deviations of 4,000 draws.
    expect(Math.abs(winning.length / 4000 - teacherShare(SMALL_NIM))).toBeLessThan(0.025);
  });

  it('writes moves that are legal, out of positions that are not held out', () => {
    for (let i = 0; i < 2000; i++) {
      const { question, completion } = teacherDocument({ max_heaps: 3, max_stones: 30 }, NIM_TEACHER, 3, i, 0);
      const [, thinking = '', move] = /^<think>(.*)<\/think><answer>(.*)<\/answer>$/.exec(completion) ?? [];
      expect(nim.moves(question)).toContain(move);
      expect(isHeldOutPosition(readHeaps(question) ?? [])).toBe(false);
      if (thinking !== '') expect(readSteps(thinking).at(-1)?.line.startsWith(`${move}=`)).toBe(true);
    }
  });
});

describe('a game', () => {
  const starts = (positions: readonly number[][], toMove: 0 | 1) =>
    positions.map((position) => ({ question: writeHeaps(position), toMove }));

  it('is won by perfect play from every position that can be won, against whomever', async () => {
    const won = allPositions(2, 12).filter((position) => bestMoves(position).length > 0);
    for (const opponent of [randomPlayer(nim, 1), teacherPlayer(2), perfectPlayer(nim, 3)]) {
      const games = await playGames(nim, starts(won, 0), [perfectPlayer(nim, 4), opponent]);
      expect(games.every(({ winner, isForfeit }) => winner === 0 && !isForfeit)).toBe(true);
    }
  });

  it('is lost by who makes no legal move', async () => {
    const silent: Player = { choose: (questions) => questions.map(() => undefined) };
    const [game] = await playGames(nim, [{ question: 'nim 9', toMove: 0 }], [randomPlayer(nim, 1), silent]);
    expect(game).toMatchObject({ winner: 0, isForfeit: true });
  });
});
