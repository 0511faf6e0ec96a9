// Texts for imitation: moves out of games that the mediocre player plays against itself. Positions that are held out are in none.
import { rng as streamOf } from '../../lib/rng';
import type { CorpusDocument } from '../corpus';
import { task } from '../kinds/nim';
import type { Difficulty } from '../task';
import { afterMove, readHeaps, writeHeaps } from './nim';
import { isHeldOutPosition } from './nimPosition';
import { type NimTeacher, teacherTurn } from './nimTeacher';

/** Games after which there is hardly a position to train on. */
const MOST_GAMES = 1000;

/** One move out of one game from a drawn position, always the same for the same seed and numbers. */
export function teacherDocument(
  difficulty: Difficulty,
  teacher: NimTeacher,
  seed: number,
  index: number,
  place: number,
): CorpusDocument {
  const rng = streamOf(seed, 'corpus', index, place);
  for (let game = 0; game < MOST_GAMES; game++) {
    const documents: CorpusDocument[] = [];
    let heaps: number[] | undefined = readHeaps(task.generate(rng, difficulty).question);
    while (heaps && heaps.length > 0) {
      const { move, completion } = teacherTurn(heaps, teacher, rng);
      if (!isHeldOutPosition(heaps)) documents.push({ question: writeHeaps(heaps), completion });
      heaps = afterMove(heaps, move);
    }
    // Of a game the first move oftener than another: later positions are small in all games.
    if (documents.length > 0) return rng.chance(0.5) ? (documents[0] as CorpusDocument) : rng.pick(documents);
  }
  throw new Error('every position of the teacher’s games is held out');
}
