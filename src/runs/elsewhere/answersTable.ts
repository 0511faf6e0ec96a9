// Answers of a run, row by row, as the rollouts panel shows them. TRL's table of completions: step, prompt, completion, a column
// a reward, advantage. veRL's: input, output, gts, score, step, and what its reward told beside.
import { meanAndStd } from '../../lib/meanAndStd';
import type { RolloutGroup, RolloutMember, StepMetrics } from '../run';
import { readAnswerText } from './answerText';
import { StepBins } from './bins';
import { fewNames, isStep, type Remark, STEP_REMEDY } from './madeElsewhere';
import { plainName } from './metricNames';
import { type JsonObject, wellFormed } from './pythonJson';
import { ResultsError } from './resultsError';

/** Characters that are kept of all answers; where there are more, those of some steps go. */
const MAX_CHARS = 2 ** 25;
const MAX_ROWS_OF_STEP = 8192;
const MAX_GROUP = 256;
const MAX_QUESTION = 10_000;
const MAX_ANSWER = 65_000;
const MAX_STEPS = 1000;
const MAX_REWARDS = 32;

const PROMPTS = ['prompt', 'input', 'question', 'prompts'];
const COMPLETIONS = ['completion', 'output', 'response', 'completions'];
const QUESTIONS = ['question'];
const GOLDS = ['gold', 'gts', 'ground_truth', 'solution', 'label', 'answer'];
const SUMS = ['reward', 'score'];
const STEPS = ['step', 'global_step'];
/** Numbers that are no rewards. */
const NO_REWARDS = new Set([...STEPS, ...SUMS, ...GOLDS, 'advantage', 'group', 'index', 'num_tokens', 'epoch']);

const find = (row: JsonObject, names: readonly string[]): unknown => {
  const name = names.find((one) => row[one] !== undefined && row[one] !== null);
  return name === undefined ? undefined : row[name];
};

/** Whether a row is an answer that was judged; a row of a data set has a prompt and a completion, too. */
export const isAnswer = (row: JsonObject): boolean =>
  textOf(find(row, PROMPTS)) !== undefined &&
  textOf(find(row, COMPLETIONS)) !== undefined &&
  [...SUMS, ...STEPS, 'advantage'].some((name) => name in row);

/** A text, or the contents of a list of messages. */
function textOf(value: unknown): string | undefined {
  if (typeof value === 'string') return wellFormed(value);
  if (!Array.isArray(value) || value.length === 0) return undefined;
  const contents = value.map((message) => (message as { content?: unknown } | null)?.content);
  return contents.every((content) => typeof content === 'string') ? wellFormed(contents.join('\n')) : undefined;
}

/** A gold answer may be anything. */
function goldOf(value: unknown): string {
  if (value === undefined) return '';
  return wellFormed(typeof value === 'string' ? value : (JSON.stringify(value) ?? ''));
}

interface Row {
  readonly prompt: string;
  readonly question: string;
  readonly gold: string;
  readonly member: RolloutMember;
  /** The reward is the sum of its parts, each with weight 1, for want of anything that says otherwise. */
  readonly isSummed: boolean;
  readonly chars: number;
}

interface StepRows {
  readonly step: number;
  readonly rows: Row[];
}

const charsOf = ({ rows }: StepRows): number => rows.reduce((sum, { chars }) => sum + chars, 0);

/** Of two steps in one place the later one; rows of one step are of one step wherever they stand. */
function laterOf(earlier: StepRows, later: StepRows): StepRows {
  if (earlier.step !== later.step) return later;
  return { step: later.step, rows: [...earlier.rows, ...later.rows].slice(0, MAX_ROWS_OF_STEP) };
}

export class AnswersTable {
  readonly #steps = new StepBins<StepRows>(MAX_STEPS, laterOf);
  readonly #found = new Set<number>();
  readonly #leftOut = new Set<string>();
  readonly #rewards = new Map<string, string>();
  #chars = 0;
  #cut = 0;
  #tooMany = 0;
  #isSummed = false;
  #current: StepRows | undefined;

  constructor(
    private readonly file: string,
    /** Weights of the rewards by their names, where they are known. */
    private readonly weights?: Readonly<Record<string, number>>,
    private readonly mostChars = MAX_CHARS,
  ) {}

  get isEmpty(): boolean {
    return this.#current === undefined && this.#steps.size === 0;
  }

  /** Takes an answer. @param usualStep where the row does not say its own. Throws ResultsError. */
  add(row: JsonObject, usualStep: number | undefined): void {
    const step = find(row, STEPS) ?? usualStep ?? 0;
    if (!isStep(step)) {
      const found = `step ${JSON.stringify(step)?.slice(0, 40)} of an answer`;
      throw new ResultsError(this.file, found, STEP_REMEDY);
    }
    if (this.#current?.step !== step) {
      this.#close();
      this.#current = { step, rows: [] };
      if (this.#found.size < 1e6) this.#found.add(step);
    }
    const { rows } = this.#current as StepRows;
    if (rows.length >= MAX_ROWS_OF_STEP) this.#tooMany++;
    else rows.push(this.#read(row));
  }

  #read(row: JsonObject): Row {
    const prompt = this.#short(textOf(find(row, PROMPTS)) ?? '', MAX_QUESTION);
    const text = this.#short(textOf(find(row, COMPLETIONS)) ?? '', MAX_ANSWER);
    // A file of answers that this page wrote has the answer given as `answer`, beside `gold`.
    const question = this.#short(textOf(find(row, QUESTIONS)) ?? prompt, MAX_QUESTION);
    const gold = this.#short(goldOf(find(row, GOLDS)), MAX_QUESTION);
    const rewards = this.#rewardsOf(row);
    const sum = find(row, SUMS);
    const advantage = row.advantage;
    const isSummed = typeof sum !== 'number' && this.weights === undefined && Object.values(rewards).some(isNumber);
    if (isSummed) this.#isSummed = true;
    const reward = typeof sum === 'number' ? sum : this.#sumOf(rewards);
    const member: RolloutMember = {
      ...readAnswerText(prompt, text),
      rewards,
      reward,
      advantage: typeof advantage === 'number' ? advantage : Number.NaN,
      stopReason: 'unknown',
    };
    return { prompt, question, gold, member, isSummed, chars: prompt.length + text.length + gold.length + 200 };
  }

  #short(text: string, most: number): string {
    if (text.length <= most) return text;
    this.#cut++;
    return wellFormed(text.slice(0, most));
  }

  #rewardsOf(row: JsonObject): Record<string, number | null> {
    const rewards: Record<string, number | null> = {};
    for (const [name, value] of Object.entries(row)) {
      if (NO_REWARDS.has(name) || PROMPTS.includes(name) || COMPLETIONS.includes(name)) continue;
      const score = typeof value === 'boolean' ? Number(value) : value;
      const isReward = typeof score === 'number' || (score === null && this.#rewards.has(name));
      const hasRoom = this.#rewards.has(name) || this.#rewards.size < MAX_REWARDS;
      if (isReward && hasRoom) {
        const known = this.#rewards.get(name) ?? plainName(name).slice(0, 64);
        this.#rewards.set(name, known);
        rewards[known] = typeof score === 'number' && Number.isFinite(score) ? score : null;
      } else if (score !== null && this.#leftOut.size < 100) {
        this.#leftOut.add(name);
      }
    }
    return rewards;
  }

  #sumOf(rewards: Readonly<Record<string, number | null>>): number {
    const scores = Object.entries(rewards).filter(([, score]) => score !== null);
    if (scores.length === 0) return Number.NaN;
    return scores.reduce((sum, [name, score]) => sum + (this.weights?.[name] ?? 1) * (score as number), 0);
  }

  /** Puts the rows of the step that came last in its place. */
  #close(): void {
    if (this.#current === undefined) return;
    const closed = this.#current;
    this.#current = undefined;
    this.#steps.add(closed.step, closed);
    this.#chars += charsOf(closed);
    // What was in its place is gone.
    if (this.#chars > this.mostChars) this.#chars = this.#keptChars;
    while (this.#chars > this.mostChars && this.#steps.size > 1) {
      this.#steps.widen();
      this.#chars = this.#keptChars;
    }
  }

  get #keptChars(): number {
    return this.#steps.inOrder().reduce((sum, { value }) => sum + charsOf(value), 0);
  }

  /**
   * The steps with their groups: of answers to one prompt.
   * @param isSumRight false: the parts of a reward have other weights than 1, so a sum of them is not known
   */
  steps(isSumRight: boolean): readonly { readonly step: number; readonly groups: readonly RolloutGroup[] }[] {
    this.#close();
    return this.#steps.inOrder().map(({ value: { step, rows } }) => {
      const known = isSumRight ? rows : rows.map(withoutSum);
      return { step, groups: groupsOf(step, withoutSingles(known)) };
    });
  }

  remarks(isSumRight: boolean): readonly Remark[] {
    this.#close();
    const kept = this.#steps.size;
    const singles = this.#steps
      .inOrder()
      .reduce((sum, { value: { rows } }) => sum + rows.length - withoutSingles(rows).length, 0);
    return [
      ...(kept < this.#found.size ? [{ kind: 'answersThinned', found: this.#found.size, kept } as const] : []),
      ...(this.#tooMany > 0 ? [{ kind: 'rowsLeftOut', count: this.#tooMany } as const] : []),
      ...(this.#cut > 0 ? [{ kind: 'textsCut', count: this.#cut } as const] : []),
      ...(this.#leftOut.size > 0 ? [{ kind: 'columnsLeftOut', names: fewNames(this.#leftOut) } as const] : []),
      ...(singles > 0 ? [{ kind: 'singlesLeftOut', count: singles } as const] : []),
      ...(this.#isSummed ? [{ kind: isSumRight ? 'rewardsSummed' : 'weightsUnknown' } as const] : []),
    ];
  }
}

const isNumber = (value: unknown): value is number => typeof value === 'number';

const withoutSum = (row: Row): Row => (row.isSummed ? { ...row, member: { ...row.member, reward: Number.NaN } } : row);

/** Among groups, an answer that is the only one to its prompt is an evaluation's: TRL writes both into one table. */
function withoutSingles(rows: readonly Row[]): readonly Row[] {
  const sizes = new Map<string, number>();
  for (const { prompt } of rows) sizes.set(prompt, (sizes.get(prompt) ?? 0) + 1);
  if (Math.max(...sizes.values()) === 1) return rows;
  return rows.filter(({ prompt }) => sizes.get(prompt) !== 1);
}

function groupsOf(step: number, rows: readonly Row[]): RolloutGroup[] {
  const byPrompt = new Map<string, Row[][]>();
  for (const row of rows) {
    const groups = byPrompt.get(row.prompt) ?? [[]];
    byPrompt.set(row.prompt, groups);
    const last = groups.at(-1) as Row[];
    if (last.length < MAX_GROUP) last.push(row);
    else groups.push([row]);
  }
  return [...byPrompt.values()].flat().map((group, index) => {
    const [{ question, gold }] = group as [Row, ...Row[]];
    const members = group.map(({ member }) => member);
    const { mean, std } = meanAndStd(members.map(({ reward }) => (Number.isFinite(reward) ? reward : null)));
    return { step, index, question, gold, rewardMean: finite(mean), rewardStd: finite(std), members };
  });
}

/** The squares of scores may be too large for a number; then nothing is known, as where there are none. */
const finite = (value: number) => (Number.isFinite(value) ? value : Number.NaN);

/** The metrics that the answers of a step give by themselves. */
export function metricsOfAnswers(step: number, groups: readonly RolloutGroup[]): StepMetrics {
  const members = groups.flatMap((group) => group.members);
  const values: [string, readonly (number | null)[]][] = [
    ['reward', members.map(({ reward }) => (Number.isFinite(reward) ? reward : null))],
  ];
  for (const name of new Set(members.flatMap(({ rewards }) => Object.keys(rewards))))
    values.push([`rewards/${name}/mean`, members.map(({ rewards }) => rewards[name] ?? null)]);
  const means = values.map(([name, all]) => [name, meanAndStd(all).mean] as const);
  return { step, metrics: Object.fromEntries(means.filter(([, mean]) => Number.isFinite(mean))) };
}
