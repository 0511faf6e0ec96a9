// What a task is: a generator of problems, worked solutions, and a verifier. Its own solutions always pass it.
import type { Rng } from '../lib/rng';
import type { Sandbox } from '../sandbox/sandbox';
import type { Game } from './games/game';
import type { Standing } from './standing';

/** The setting of a task's dials, by dial name. */
export type Difficulty = Readonly<Record<string, number>>;

/** One number that a person can turn to make problems harder. Bounds are inclusive integers. */
export interface Dial {
  readonly name: string;
  readonly min: number;
  readonly max: number;
  readonly default: number;
  /** What it is called on the page. */
  readonly label: Readonly<Record<Language, string>>;
  /** Set in files and commands only: the page does not show it. */
  readonly isFine?: true;
}

/** What is said of a task on the page. */
export interface TaskText {
  readonly label: string;
  /**
   * What a model knows that was trained on it, as the end of a sentence, with its dials in double braces: `{{max_number}}`.
   * Two dials `min_terms` and `max_terms` are one, `{{terms}}`; `{{tasks}}` are those of which the dials are the weights.
   */
  readonly knows: string;
  /** Its size in a few words, with dials as in `knows`, for where several tasks are named; left out of one without sizes. */
  readonly size?: string;
}

export interface Problem {
  /** Name of the task that made it. */
  readonly task: string;
  /** What the model reads, e.g. `9-8+3-7=?`. */
  readonly question: string;
  /** The right answer in canonical form, e.g. `-3`. */
  readonly answer: string;
  /**
   * The same for every writing of one problem, `3*4` and `4*3`, so that a split keeps them together; without it, the
   * question.
   */
  readonly canonical?: string;
  /** What its split goes by in the place of its task and its canonical form. */
  readonly splitKey?: string;
  /** How an answer to it is judged, where that is not the task's to say: a rule of a reader's own problems. */
  readonly rule?: string;
}

export type Language = 'en' | 'zh';

/** How a worked solution is written. */
export interface ThinkingStyle {
  readonly language: Language | 'mixed';
  /** Whether a slip is made, noticed ("wait") and put right on the way. */
  readonly selfCheck: boolean;
}

/** What the verifier says of an answer. */
export interface Verdict {
  readonly correct: boolean;
  readonly expected: string;
  /** The answer as found, trimmed; undefined if there was none. */
  readonly found: string | undefined;
  /** How many of the problem's cases the answer passes, where it is tried on cases. */
  readonly cases?: { readonly passed: number; readonly total: number };
}

/** A file in kinds/ is a task: it exports itself as `task`. */
export interface Task {
  /** Identifier, snake_case: `chained_sums`. */
  readonly name: string;
  /** Where it stands among the tasks, the first being what a run starts with. */
  readonly place: number;
  readonly about: Readonly<Record<Language, TaskText>>;
  /** Its weight in the mixture of all tasks unless another is given; 1 if left out. */
  readonly mixtureWeight?: number;
  readonly dials: readonly Dial[];
  /** Every text piece beyond single characters that its documents use (whole words), for building a vocabulary. */
  readonly words: readonly string[];
  /** Every single character its documents use. */
  readonly characters: string;
  /** Questions to offer a first-time reader: held-out ones (split.ts), which training never sees. */
  readonly examples: readonly string[];
  /** What makes one of its problems harder than another, if a single number does: its name, e.g. `terms`, and its reading. */
  readonly grade?: { readonly name: string; of(problem: Problem): number };
  /** Where its problems are positions of a game and its answers moves: for playing on from there. */
  readonly game?: Game;
  generate(rng: Rng, difficulty: Difficulty): Problem;
  /** Whether a problem of this task is one that `generate` could make at this difficulty. */
  isWithin(problem: Problem, difficulty: Difficulty): boolean;
  /** The thinking that leads to the right answer (the text between the think tags). */
  think(problem: Problem, style: ThinkingStyle, rng: Rng): string;
  /** A plausible wrong answer, as a careless writer would blurt it out. */
  blunder(problem: Problem, rng: Rng): string;
  /**
   * Judges an answer, whose digits and signs are read alike for every task (typed.ts); later, where the answer is code, which
   * runs nowhere but in the sandbox.
   */
  verify(problem: Problem, answer: string | undefined, sandbox: Sandbox): Verdict | Promise<Verdict>;
  /**
   * Where thinking about a question of this task begins, for its steps to be judged; undefined if the text is no
   * question of it.
   */
  standing(question: string): Standing | undefined;
  /** The problem a person typed, or undefined if the text is not of this task. */
  parse(question: string): Problem | undefined;
}
