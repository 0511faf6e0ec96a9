// The task nim: `nim 13,7` is a position, and a winning move is asked: `7-2` takes two stones from the heap of seven.
// Rules and oracle are in games/nim.ts. A position that is lost has no winning move, so none is asked.
import type { Rng } from '../../lib/rng';
import { completeDifficulty, DifficultyError } from '../difficulty';
import { bestMoves, legalMoves, MOST_HEAPS, MOST_TAKEN, nim, readHeaps, writeMove } from '../games/nim';
import { NIM, positionOf } from '../games/nimPosition';
import { evenStepOf, moveStep, nimStanding, remainderSteps } from '../nimSteps';
import type { Difficulty, Problem, Task, ThinkingStyle, Verdict } from '../task';
import { readTyped } from '../typed';
import { speaker, wordsOf } from '../words';

const DIALS = [
  { name: 'min_heaps', min: 1, max: MOST_HEAPS, default: 1, label: { en: 'Fewest heaps', zh: '最少堆数' } },
  { name: 'max_heaps', min: 1, max: MOST_HEAPS, default: MOST_HEAPS, label: { en: 'Most heaps', zh: '最多堆数' } },
  { name: 'max_stones', min: 8, max: 99, default: 40, label: { en: 'Most stones in a heap', zh: '每堆最多石子' } },
] as const;

/** A problem with these heaps; undefined where no move wins. */
function problemOf(heaps: readonly number[]): Problem | undefined {
  const position = positionOf(heaps);
  return position.answer === '' ? undefined : position;
}

function generate(rng: Rng, difficulty: Difficulty): Problem {
  const { min_heaps = 0, max_heaps = 0, max_stones = 0 } = completeDifficulty(DIALS, difficulty);
  if (min_heaps > max_heaps) {
    throw new DifficultyError(
      `min_heaps (${min_heaps}) is above max_heaps (${max_heaps}).`,
      'Lower min_heaps or raise max_heaps.',
    );
  }
  for (;;) {
    const count = rng.integer(min_heaps, max_heaps);
    // Small positions oftener than large ones: a game is learned from its end.
    const most = rng.chance(0.5) ? max_stones : rng.integer(1, max_stones);
    const problem = problemOf(Array.from({ length: count }, () => rng.integer(1, most)));
    if (problem) return problem;
  }
}

function isWithin({ question }: Problem, difficulty: Difficulty): boolean {
  const { min_heaps = 0, max_heaps = 0, max_stones = 0 } = completeDifficulty(DIALS, difficulty);
  const heaps = readHeaps(question) ?? [];
  return heaps.length >= min_heaps && heaps.length <= max_heaps && Math.max(...heaps) <= max_stones;
}

function think({ question }: Problem, style: ThinkingStyle, rng: Rng): string {
  const heaps = readHeaps(question) ?? [];
  const say = speaker(style, rng);
  const move = rng.pick(bestMoves(heaps));
  const steps = [...heaps.flatMap(remainderSteps), evenStepOf(move), moveStep(move.heap, move.taken)];
  const slipAt = style.selfCheck ? rng.integer(0, steps.length - 1) : -1;
  return steps
    .map((step, i) => {
      const [left = '', result] = step.split('=');
      const slip = i === slipAt ? `${left}=${Number(result) + rng.integer(1, 3)}${say('wait')}` : '';
      return `${i > 0 ? say('next') : ''}${slip}${step}`;
    })
    .join('');
}

/** A legal move that does not win; where every one does, one that is not legal. */
function blunder({ question }: Problem, rng: Rng): string {
  const heaps = readHeaps(question) ?? [];
  const best = bestMoves(heaps).map(writeMove);
  const others = legalMoves(heaps).filter((move) => !best.includes(writeMove(move)));
  return others.length > 0 ? writeMove(rng.pick(others)) : writeMove({ heap: heaps[0] ?? 1, taken: MOST_TAKEN });
}

function verify({ question, answer: expected }: Problem, answer: string | undefined): Verdict {
  const found = answer?.trim();
  const isBest = found !== undefined && nim.best(question).includes(readTyped(found) ?? '');
  return { correct: isBest, expected, found };
}

const parse = (question: string): Problem | undefined => {
  const heaps = readHeaps(question);
  return heaps && problemOf(heaps);
};

function standing(question: string) {
  const heaps = readHeaps(question);
  return heaps && nimStanding(heaps);
}

export const task = {
  name: NIM,
  place: 9,
  // Runs of the mixture that were begun without this task go on with the problems they had.
  mixtureWeight: 0,
  about: {
    en: { label: 'Nim', knows: 'how to win Nim with {{heaps}} heaps of up to {{max_stones}} stones' },
    zh: { label: '尼姆取石子', knows: '在 {{heaps}} 堆、每堆最多 {{max_stones}} 颗的取石子游戏中取胜' },
  },
  dials: DIALS,
  words: wordsOf('next', 'wait'),
  characters: '0123456789-=,nim ',
  examples: ['nim 5', 'nim 6,7', 'nim 3,5,8', 'nim 13,19', 'nim 5,7,12'],
  grade: { name: 'heaps', of: ({ question }) => readHeaps(question)?.length ?? 0 },
  game: nim,
  generate,
  isWithin,
  think,
  blunder,
  verify,
  standing,
  parse,
} satisfies Task;
