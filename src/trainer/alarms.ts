// What goes wrong in a GRPO run while its weights are still sound, told from its metrics so far: pure functions. Weights that can
// learn no more are health.ts's matter. A rule compares the last steps with the first, so that it needs no scale of its own.

/** What goes wrong, in the order in which it is told. */
export const ALARMS = [
  'klRunaway',
  'entropyCollapse',
  'lengthExplosion',
  'rewardAgainstTruth',
  'languageLoss',
  'nothingToLearn',
] as const;

export type AlarmKind = (typeof ALARMS)[number];

export interface Alarm {
  readonly kind: AlarmKind;
  /** First of the steps in a row at which it sounds. */
  readonly since: number;
  /** The last step before what it sounds for. */
  readonly goodStep: number;
  /** What it is told by, before and now: nats, or a share. */
  readonly before: number;
  readonly now: number;
  /** Of a language that is lost: which. */
  readonly language?: string;
}

export interface MeasuredStep {
  readonly step: number;
  /** Under TRL's names. */
  readonly metrics: Readonly<Record<string, number>>;
}

/** Steps that a mean is taken over: one odd batch sounds no alarm. */
const WINDOW = 10;

/** Nats a token. Runs that learn stay below a tenth of it. */
const KL_MOST = 0.5;
/** Of its entropy at first. A policy that learns its task grows as sure of itself, but its answers grow better, too. */
const ENTROPY_SHARE = 0.25;
/** Of the answers right, or of the reward: so much more is better. */
const BETTER = 0.05;
/** Of the answers cut off, and how many more than at first. */
const CUT_MOST = 0.3;
const CUT_MORE = 0.2;
/** Of the groups whose answers all earn the same. */
const ALIKE_MOST = 0.95;
/** Of the held-out problems. */
const ACCURACY_DROP = 0.1;
/** Standard errors of the difference of two evaluations. */
const ERRORS_APART = 2;
/** Of the thinking: a language that had so much of it. */
const LANGUAGE_HAD = 0.1;
const LANGUAGE_SHARE = 0.1;

const EVALUATED = 'eval/accuracy';
const LANGUAGE = 'completions/thinking_language/';

type Found = Pick<Alarm, 'goodStep' | 'before' | 'now' | 'language'>;

/** The steps that have a metric, and where windows of its values lie. */
class Series {
  readonly #values: { readonly step: number; readonly value: number }[];

  constructor(steps: readonly MeasuredStep[], metric: string) {
    this.#values = steps.flatMap(({ step, metrics }) => {
      const value = metrics[metric];
      return value === undefined || !Number.isFinite(value) ? [] : [{ step, value }];
    });
  }

  get isEmpty(): boolean {
    return this.#values.length === 0;
  }

  /** Mean of the values in the window that ends at a step, and the step before the window; undefined where it is not full. */
  until(step: number): { readonly mean: number; readonly before: number } | undefined {
    const end = this.#values.findLastIndex((one) => one.step <= step) + 1;
    const window = this.#values.slice(Math.max(0, end - WINDOW), end);
    if (window.length < WINDOW) return undefined;
    return { mean: meanOf(window), before: (window[0] as { step: number }).step - 1 };
  }

  /** Mean of its first window, where that is over by the window that ends at a step. */
  first(step: number): number | undefined {
    const start = this.#values.slice(0, WINDOW);
    const isOver = this.#values.filter((one) => one.step <= step).length >= 2 * WINDOW;
    return isOver ? meanOf(start) : undefined;
  }
}

const meanOf = (values: readonly { readonly value: number }[]) =>
  values.reduce((sum, { value }) => sum + value, 0) / values.length;

interface Rules {
  readonly kind: AlarmKind;
  /** What is found wrong at a step, if anything is. */
  find(step: number): Found | undefined;
}

function rulesOf(steps: readonly MeasuredStep[], evalProblems: number): Rules[] {
  const series = (metric: string) => new Series(steps, metric);
  const [kl, entropy, accuracy] = [series('kl'), series('entropy'), series('rewards/accuracy/mean')];
  const [cut, alike, reward] = [series('completions/clipped_ratio'), series('frac_reward_zero_std'), series('reward')];
  const better = accuracy.isEmpty ? reward : accuracy;
  /** The first window beside the last, where both are full. */
  const compared = (one: Series, step: number, isWrong: (before: number, now: number) => boolean) => {
    const [before, last] = [one.first(step), one.until(step)];
    if (before === undefined || last === undefined || !isWrong(before, last.mean)) return undefined;
    return { goodStep: last.before, before, now: last.mean };
  };
  const languages = new Set(
    steps.flatMap(({ metrics }) => Object.keys(metrics).filter((name) => name.startsWith(LANGUAGE))),
  );
  const spoken = [...languages].map((name) => ({ language: name.slice(LANGUAGE.length), share: series(name) }));
  const evaluations = steps.filter(({ metrics }) => metrics[EVALUATED] !== undefined);
  return [
    { kind: 'klRunaway', find: (step) => compared(kl, step, (_, now) => now > KL_MOST) },
    {
      kind: 'entropyCollapse',
      find: (step) =>
        compared(better, step, (before, now) => now < before + BETTER) &&
        compared(entropy, step, (before, now) => now < ENTROPY_SHARE * before),
    },
    {
      kind: 'lengthExplosion',
      find: (step) => compared(cut, step, (before, now) => now >= CUT_MOST && now >= before + CUT_MORE),
    },
    {
      kind: 'rewardAgainstTruth',
      find: (step) => fallenBehind(evaluations, reward, step, evalProblems),
    },
    {
      kind: 'languageLoss',
      find: (step) => {
        for (const { language, share } of spoken) {
          const isLost = (before: number, now: number) => before >= LANGUAGE_HAD && now < LANGUAGE_SHARE * before;
          const found = compared(share, step, isLost);
          if (found) return { ...found, language };
        }
        return undefined;
      },
    },
    {
      kind: 'nothingToLearn',
      find: (step) => {
        const last = alike.until(step);
        if (last === undefined || last.mean < ALIKE_MOST) return undefined;
        return { goodStep: last.before, before: alike.first(step) ?? last.mean, now: last.mean };
      },
    },
  ];
}

/** The last evaluation is worse than the best before it by more than chance, while the reward has not fallen since then. */
function fallenBehind(
  evaluations: readonly MeasuredStep[],
  reward: Series,
  step: number,
  evalProblems: number,
): Found | undefined {
  const done = evaluations.filter((one) => one.step <= step);
  const last = done.at(-1);
  if (last === undefined) return undefined;
  const accuracyOf = ({ metrics }: MeasuredStep) => metrics[EVALUATED] as number;
  const best = done.reduce((one, other) => (accuracyOf(other) > accuracyOf(one) ? other : one));
  const [before, now] = [accuracyOf(best), accuracyOf(last)];
  const error = Math.sqrt((before * (1 - before) + now * (1 - now)) / Math.max(1, evalProblems));
  if (before - now < Math.max(ACCURACY_DROP, ERRORS_APART * error)) return undefined;
  const [then, since] = [reward.until(Math.max(best.step, WINDOW))?.mean, reward.until(last.step)?.mean];
  return then === undefined || since === undefined || since < then ? undefined : { goodStep: best.step, before, now };
}

/**
 * The alarms that sound at the last step.
 * @param steps in order; the last of them is the run's. @param evalProblems held-out problems of an evaluation.
 */
export function soundingAlarms(steps: readonly MeasuredStep[], evalProblems: number): Alarm[] {
  return rulesOf(steps, evalProblems).flatMap(({ kind, find }) => {
    let found: Found | undefined;
    let since: number | undefined;
    for (const { step } of steps.toReversed()) {
      const one = find(step);
      if (one === undefined) break;
      found ??= one;
      // The trouble began where it was first found, not where it is now.
      found = { ...found, goodStep: Math.min(found.goodStep, one.goodStep) };
      since = step;
    }
    return found === undefined || since === undefined ? [] : [{ kind, since, ...found }];
  });
}

const percent = (share: number) => `${Math.round(share * 100)} %`;

const WORDS: Readonly<Record<AlarmKind, (alarm: Alarm) => string>> = {
  klRunaway: ({ now }) =>
    `KL runs away: ${now.toFixed(2)} nats a token from the reference. Lower learning_rate, or raise beta`,
  entropyCollapse: ({ before, now }) =>
    `entropy has collapsed: ${now.toPrecision(2)} nats a token, ${before.toPrecision(2)} at first, and answers are no ` +
    'better. Nothing new is tried. Raise entropy_coef or epsilon_high, or lower learning_rate',
  lengthExplosion: ({ before, now }) =>
    `answers run into the length limit: ${percent(now)} are cut off, ${percent(before)} at first. Raise ` +
    'max_completion_length, or give soft_overlong a weight',
  rewardAgainstTruth: ({ before, now }) =>
    `reward does not fall, and held-out accuracy does: ${percent(now)}, ${percent(before)} at its best. The reward is won ` +
    'by something else than right answers. Look at answers that earn much',
  languageLoss: ({ language, before, now }) =>
    `the thinking has lost a language: ${language} is ${percent(now)} of it, ${percent(before)} at first. Give ` +
    `language_consistency_${language} a weight`,
  nothingToLearn: ({ now }) =>
    `nothing to learn: in ${percent(now)} of the groups all answers earn the same. Choose another difficulty, or ` +
    'filter_groups',
};

/** What goes wrong, in English, with what to do about it. */
export function alarmText(alarm: Alarm): string {
  return `${WORDS[alarm.kind](alarm)}.`;
}
