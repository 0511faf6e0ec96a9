// How good the mediocre player is: known exactly for each position, so that it need not be played.
import { rng } from '../../lib/rng';
import { task } from '../kinds/nim';
import { sampleProblem } from '../split';
import type { Difficulty } from '../task';
import { nim, readHeaps, writeMove } from './nim';
import { teacherMoves } from './nimTeacher';

const PROBLEMS = 2000;

/** The expected share of its moves that win, on held-out problems drawn as an evaluation draws them. */
export function teacherShare(difficulty: Difficulty): number {
  const shares = Array.from({ length: PROBLEMS }, (_, i) => {
    const { question } = sampleProblem(task, difficulty, 'held-out', rng(0, 'evaluate', i));
    const best = nim.best(question);
    const winning = teacherMoves(readHeaps(question) ?? []).filter(({ move }) => best.includes(writeMove(move)));
    return winning.reduce((sum, { share }) => sum + share, 0);
  });
  return shares.reduce((sum, share) => sum + share, 0) / PROBLEMS;
}
