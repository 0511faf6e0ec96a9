// The problems of every task by size, in rows and columns: the cells of the map of what a model knows. They reach beyond what
// the shipped models were trained on, and beyond the tasks' dials where those end early.
import { hashText } from '../lib/hash';
import { type Rng, rng } from '../lib/rng';
import { readCountdown } from './countdownQuestion';
import type { Known } from './known';
import { findTask, getTask } from './registry';
import { isHeldOut } from './split';
import type { Difficulty, Problem } from './task';

/** Numbers count what the axis is named after; words name kinds. */
export type Size = number | string;

export interface SizeAxis {
  readonly name: string;
  readonly sizes: readonly Size[];
}

export interface SizeGrid {
  readonly task: string;
  readonly rows: SizeAxis;
  readonly columns: SizeAxis;
  /** A problem of the cell; undefined where what was drawn is of another. */
  draw(draw: Rng, row: Size, column: Size): Problem | undefined;
}

/** Where a cell stands. */
export interface CellPlace {
  readonly task: string;
  readonly row: Size;
  readonly column: Size;
}

const axis = (name: string, ...sizes: readonly Size[]): SizeAxis => ({ name, sizes });

const generate = (task: string, difficulty: Difficulty) => (draw: Rng) => getTask(task).generate(draw, difficulty);

/** Of the problems at a difficulty those that the task grades so. */
function graded(task: string, difficulty: Difficulty, grade: Size): (draw: Rng) => Problem | undefined {
  const { grade: of } = getTask(task);
  const from = generate(task, difficulty);
  return (draw) => {
    const problem = from(draw);
    return of?.of(problem) === grade ? problem : undefined;
  };
}

const GRIDS: readonly SizeGrid[] = [
  {
    task: 'chained_sums',
    rows: axis('terms', 2, 3, 4, 5, 6, 7, 8, 9, 10, 12),
    // Of its largest number.
    columns: axis('digits', 1, 2, 3, 4),
    draw(draw, row, column) {
      const [terms, digits] = [Number(row), Number(column)];
      const numbers = Array.from({ length: terms }, () => draw.integer(0, 10 ** digits - 1));
      const isOfSize = digits === 1 || numbers.some((number) => number >= 10 ** (digits - 1));
      const text = numbers.map((number, i) => (i === 0 ? `${number}` : `${draw.pick(['+', '-'])}${number}`)).join('');
      return isOfSize ? getTask('chained_sums').parse(text) : undefined;
    },
  },
  {
    task: 'products',
    rows: axis('any', 'any'),
    columns: axis('factorDigits', 2, 3, 4, 5),
    draw: (draw, _, digits) => generate('products', { min_digits: Number(digits), max_digits: Number(digits) })(draw),
  },
  {
    task: 'countdown',
    rows: axis('numbers', 3, 4),
    columns: axis('target', 20, 50, 100, 200),
    draw(draw, numbers, column) {
      const below = { 20: 0, 50: 20, 100: 50, 200: 100 }[Number(column)] ?? 0;
      const difficulty = { numbers: Number(numbers), max_target: Number(column) };
      const problem = generate('countdown', difficulty)(draw);
      return (readCountdown(problem.question)?.target ?? 0) > below ? problem : undefined;
    },
  },
  {
    task: 'equations',
    rows: axis('form', 'linear', 'root'),
    columns: axis('largest', 6, 12, 20),
    draw: (draw, form, largest) =>
      generate('equations', { radicals: form === 'root' ? 100 : 0, max_number: Number(largest) })(draw),
  },
  {
    task: 'programs',
    rows: axis('degree', 1, 2),
    columns: axis('constant', 9, 20),
    draw: (draw, degree, constant) => graded('programs', { max_constant: Number(constant) }, degree)(draw),
  },
  {
    task: 'sequences',
    rows: axis('any', 'any'),
    columns: axis('terms', 3, 5, 8),
    draw: (draw, _, terms) => generate('sequences', { min_terms: Number(terms), max_terms: Number(terms) })(draw),
  },
  {
    task: 'word_problems',
    rows: axis('steps', 1, 2, 3),
    columns: axis('language', 'en', 'zh'),
    draw: (draw, steps, language) =>
      graded('word_problems', { max_steps: Number(steps), chinese: language === 'zh' ? 100 : 0 }, steps)(draw),
  },
  {
    task: 'small_talk',
    rows: axis('talk', 'chat', 'unknown'),
    columns: axis('language', 'en', 'zh'),
    draw: (draw, talk, language) =>
      generate('small_talk', { chats: talk === 'chat' ? 100 : 0, chinese: language === 'zh' ? 100 : 0 })(draw),
  },
  {
    task: 'nim',
    rows: axis('heaps', 1, 2, 3),
    columns: axis('stones', 20, 40),
    draw: (draw, heaps, stones) =>
      generate('nim', { min_heaps: Number(heaps), max_heaps: Number(heaps), max_stones: Number(stones) })(draw),
  },
];

/** The tasks' grids, in the order of the tasks. */
export function allGrids(): readonly SizeGrid[] {
  return GRIDS.filter(({ task }) => findTask(task));
}

/** The cells of a grid, row by row. */
export function cellsOf({ task, rows, columns }: SizeGrid): readonly CellPlace[] {
  return rows.sizes.flatMap((row) => columns.sizes.map((column) => ({ task, row, column })));
}

/** One text for a cell, as unlike another's as its place. */
export const cellKey = ({ task, row, column }: CellPlace): string => `${task}/${row}/${column}`;

/**
 * Of eight problems one is held out, and of those drawn not every one is of the cell or new: so many are drawn for
 * each, and more.
 */
const DRAWS_EACH = 64;
const DRAWS_MORE = 512;

/**
 * Held-out problems of a cell, always the same, no two of them one problem: `count`, or fewer where there are hardly more.
 * The first ones do not depend on `count`.
 */
export function cellProblems(place: CellPlace, count: number): readonly Problem[] {
  const found = new Map<string, Problem>();
  for (const problem of drawn(place, DRAWS_MORE + DRAWS_EACH * count)) {
    const key = problem.canonical ?? problem.question;
    if (isHeldOut(problem) && !found.has(key)) found.set(key, problem);
    if (found.size === count) break;
  }
  return [...found.values()];
}

/** Looked at to tell whether a cell lies within what was trained on. */
const LOOKED_AT = 12;

/** Whether a model that knows these was trained on problems such as the cell's. */
export function isTrainedOn(place: CellPlace, known: readonly Known[]): boolean {
  const isFit = (problem: Problem) =>
    known.some(({ task, difficulty }) => {
      if (task !== problem.task && task !== 'mixture') return false;
      return getTask(task).isWithin(problem, difficulty);
    });
  let looked = 0;
  for (const problem of drawn(place, DRAWS_EACH)) {
    if (!isFit(problem)) return false;
    if (++looked === LOOKED_AT) break;
  }
  return looked > 0;
}

/** What a number of draws bring, held out or not, the same ones for ever. */
function* drawn(place: CellPlace, draws: number): Generator<Problem> {
  const grid = GRIDS.find(({ task }) => task === place.task);
  const seed = hashText(cellKey(place));
  for (let i = 0; grid && i < draws; i++) {
    const problem = grid.draw(rng(seed, 'evaluate', i), place.row, place.column);
    if (problem) yield problem;
  }
}
