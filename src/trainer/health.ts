// Whether a run can still learn, told from what each of its steps is known by. A number that is not finite, or a policy that has
// collapsed, is not an exception somewhere on the device but a finding about a step: since when, how often in a row,
// and when to give up.
import type { Rollout } from '../engine/rollout';
import { SoliloquyError } from '../lib/errors';
import type { JudgedAnswer } from './evaluation/evaluate';

/** What is wrong, in the order in which it is told. */
export type Ailment =
  /** Logits that are not finite: of the answers drawn, some could not be. */
  | 'logits'
  | 'loss'
  /** Every token is equally likely. */
  | 'flat'
  /** One token is certain everywhere, and nothing is well formed. */
  | 'certain'
  /** The gradient is not finite; the optimizer has skipped the step. */
  | 'gradient'
  /** Nothing is well formed any more, and no answer is rewarded more than another. */
  | 'formless'
  /** On texts: a loss far above that of a model that knows nothing, and not falling. */
  | 'diverged';

export interface Ailing {
  readonly ailment: Ailment;
  /** First step of those in a row that ail. */
  readonly since: number;
  /** The last of them. */
  readonly step: number;
  /** What the ailment is told by, as a number: an entropy, a share, how many answers. */
  readonly value: number;
  /** Steps that may ail yet before the run is stopped; 0: it is to be stopped. */
  readonly stepsLeft: number;
}

/** What a step is known by; what was not measured is absent. */
export interface Vitals {
  readonly loss?: number | undefined;
  readonly gradNorm?: number | undefined;
  /** Optimizer steps left out so far in the run. */
  readonly skipped?: number | undefined;
  /** Answers with logits that are not finite. */
  readonly broken?: number | undefined;
  /** Nats a token, under the policy that drew the answers. */
  readonly entropy?: number | undefined;
  /** Share of the answers that are well formed. */
  readonly formatRate?: number | undefined;
  /** Share of the groups in which all rewards are equal. */
  readonly fracZeroStd?: number | undefined;
}

/** Looks in a row that may ail; the last of them ends the run. Weights that are wrecked do not heal; one bad batch passes. */
export const MOST_AILING = 3;

/** Of the largest entropy there can be: nearer than this is even rounding. Random weights of std 0.02 stay 3e-3 away. */
const FLAT_SHARE = 1 - 1e-5;
/** Nats a token. */
const CERTAIN_ENTROPY = 1e-6;
/** A policy of which so much was well formed, and now nothing is, has lost its form. */
const HAD_FORM = 0.1;
/** Losses of a model that knows nothing, which pretraining starts at. */
const DIVERGED_LOSSES = 2;
/** From one look to the next. */
const FALLING_SHARE = 0.95;

/** What answers alone can refute; a loss or a gradient is told by the next step. */
const SEEN_IN_ANSWERS: ReadonlySet<Ailment> = new Set(['logits', 'flat', 'certain', 'formless']);

export class HealthWatch {
  readonly #flatEntropy: number;
  #ailing: Ailing | undefined;
  #inARow = 0;
  #goodStep = -1;
  #isDoubtful = false;
  #skipped = 0;
  #bestFormat = 0;
  #textLoss: number | undefined;

  constructor(vocabSize: number) {
    this.#flatEntropy = Math.log(vocabSize);
  }

  /** What is wrong since the last look, if anything is. */
  get ailing(): Ailing | undefined {
    return this.#ailing;
  }

  /** The last step after which the weights are known to be good, by what the next step found; −1: none is. */
  get goodStep(): number {
    return this.#goodStep;
  }

  /** An evaluation found nothing well formed of a policy that was: the next step tells whether it can learn yet. */
  get isDoubtful(): boolean {
    return this.#isDoubtful;
  }

  /** Looks at a step: what its vitals tell of the weights before it. */
  observe(step: number, vitals: Vitals): Ailing | undefined {
    this.#isDoubtful = false;
    return this.#judge(step, step - 1, vitals, MOST_AILING);
  }

  /** Looks at the weights after a step, by answers that were measured. No step comes after the last. */
  observeEvaluation(step: number, vitals: Vitals, isLast: boolean): Ailing | undefined {
    // Measured answers have no rewards: where nothing is well formed, they tell neither of a collapse nor of recovery.
    this.#isDoubtful = this.#bestFormat >= HAD_FORM && vitals.formatRate === 0;
    const isUnseen = this.#ailing !== undefined && !SEEN_IN_ANSWERS.has(this.#ailing.ailment);
    if ((this.#isDoubtful || isUnseen) && !this.#find(vitals)) return this.#ailing;
    // The step was looked at already; an evaluation adds to it only what it finds wrong, or that the weights after it are good.
    return this.#judge(step, step, vitals, isLast ? 1 : MOST_AILING);
  }

  /** Goes on counting from a run that is resumed: what its optimizer skipped before is no news. */
  restore(step: number, skipped: number): void {
    this.#goodStep = Math.max(this.#goodStep, step - 1);
    this.#skipped = skipped;
  }

  #judge(step: number, weightsStep: number, vitals: Vitals, most: number): Ailing | undefined {
    const found = this.#find(vitals);
    this.#skipped = vitals.skipped ?? this.#skipped;
    this.#bestFormat = Math.max(this.#bestFormat, vitals.formatRate ?? 0);
    if (!found) {
      this.#ailing = undefined;
      this.#inARow = 0;
      this.#goodStep = Math.max(this.#goodStep, weightsStep);
      return undefined;
    }
    if (this.#ailing?.step !== step) this.#inARow++;
    const since = this.#ailing?.since ?? step;
    this.#ailing = { ...found, since, step, stepsLeft: Math.max(0, most - this.#inARow) };
    return this.#ailing;
  }

  #find(v: Vitals): Pick<Ailing, 'ailment' | 'value'> | undefined {
    const isBad = (value: number | undefined) => value !== undefined && !Number.isFinite(value);
    const entropy = v.entropy ?? Number.NaN;
    if (v.broken) return { ailment: 'logits', value: v.broken };
    if (isBad(v.loss)) return { ailment: 'loss', value: v.loss as number };
    if (entropy >= this.#flatEntropy * FLAT_SHARE) return { ailment: 'flat', value: entropy };
    if (entropy <= CERTAIN_ENTROPY && v.formatRate === 0) return { ailment: 'certain', value: entropy };
    const skipped = (v.skipped ?? this.#skipped) - this.#skipped;
    if (skipped > 0 || isBad(v.gradNorm)) return { ailment: 'gradient', value: v.gradNorm ?? Number.NaN };
    const hadForm = this.#bestFormat >= HAD_FORM;
    if (hadForm && v.formatRate === 0 && v.fracZeroStd === 1) return { ailment: 'formless', value: 0 };
    return v.entropy === undefined && v.loss !== undefined ? this.#findInTextLoss(v.loss) : undefined;
  }

  /** The loss of texts, in nats a token, which tells of the policy where nothing is sampled. */
  #findInTextLoss(loss: number): Pick<Ailing, 'ailment' | 'value'> | undefined {
    const before = this.#textLoss;
    this.#textLoss = loss;
    const flat = this.#flatEntropy;
    if (Math.abs(loss - flat) <= (1 - FLAT_SHARE) * flat) return { ailment: 'flat', value: loss };
    // Weights of a large spread may begin so, but then the loss falls.
    const isFalling = before !== undefined && loss < FALLING_SHARE * before;
    return loss > DIVERGED_LOSSES * flat && !isFalling ? { ailment: 'diverged', value: loss } : undefined;
  }
}

/** No log-probability is greater than 0; the sampler gives a greater one to a token whose logits are not finite. */
export const isBroken = ({ logps }: Pick<Rollout, 'logps'>) => logps.some((logp) => !(logp <= 0.01));

/** What answers tell of the weights that drew them. */
export function vitalsOfAnswers(
  rollouts: readonly Pick<Rollout, 'logps' | 'entropies'>[],
): Pick<Vitals, 'broken' | 'entropy'> {
  const entropies = rollouts.filter((rollout) => !isBroken(rollout)).flatMap((rollout) => rollout.entropies);
  const entropy = entropies.reduce((sum, nats) => sum + nats, 0) / entropies.length;
  return { broken: rollouts.filter(isBroken).length, ...(entropies.length > 0 && { entropy }) };
}

/** As vitalsOfAnswers, with how many are well formed. */
export function vitalsOfJudged(answers: readonly JudgedAnswer[]): Vitals {
  const wellFormed = answers.filter(({ completion }) => completion.wellFormed).length;
  const formatRate = wellFormed / Math.max(1, answers.length);
  return { ...vitalsOfAnswers(answers.map(({ rollout }) => rollout)), formatRate };
}

/** What a step's metrics tell. */
export function vitalsOfMetrics(metrics: Readonly<Record<string, number>>): Vitals {
  const { loss, grad_norm: gradNorm, skipped_steps: skipped = 0, frac_reward_zero_std: fracZeroStd } = metrics;
  return { loss, gradNorm, skipped, fracZeroStd };
}

const PROBLEMS: Readonly<Record<Ailment, (value: number) => string>> = {
  logits: (value) => `in ${value} ${value === 1 ? 'answer' : 'answers'} the model’s logits are not finite`,
  loss: (value) => `the loss is ${value}`,
  gradient: () => 'the gradient is not finite, so the update is skipped',
  flat: (value) => `every token is equally likely (entropy ${value.toFixed(3)} nats, the most there can be)`,
  certain: () => 'one token is certain at every place (entropy 0), and no answer is well formed',
  formless: () => 'no answer is well formed any more, and none is rewarded more than another',
  diverged: (value) => `the loss is ${value.toPrecision(3)} nats a token, far more than of a model that knows nothing`,
};

/** What is wrong, in English, as the rest of a sentence. */
export function ailmentText({ ailment, value }: Pick<Ailing, 'ailment' | 'value'>): string {
  return PROBLEMS[ailment](value);
}

/** A state that was kept from before a run ailed. */
export interface KeptState {
  readonly step: number;
  /** Share of the held-out problems that it answered right; undefined: it was not measured. */
  readonly accuracy?: number | undefined;
  /** The largest that the run was measured at. */
  readonly best?: number | undefined;
}

/** What a person can do with the last state from before a run ailed, and without one. */
export interface WreckedRemedy {
  readonly kept: string;
  readonly unkept: string;
}

const USUAL_REMEDY: WreckedRemedy = {
  kept: 'Go back to it and choose a lower learning_rate.',
  unkept: 'Start from another model, or with a lower learning_rate.',
};
/** Of the best accuracy: what is right less often was going wrong already. */
const STILL_GOOD_SHARE = 0.5;

/** A run that was stopped because it could not learn any more. */
export class WreckedRunError extends SoliloquyError {
  readonly code = 'wrecked_run';
  /** @param kept the last state from before it ailed; undefined: there is none. */
  constructor(
    readonly ailing: Ailing,
    readonly kept: KeptState | undefined,
    remedy: WreckedRemedy = USUAL_REMEDY,
  ) {
    const { since, step } = ailing;
    const when = since === step ? `At step ${step}` : `Since step ${since}, for ${step - since + 1} steps,`;
    super(
      `${when} ${ailmentText(ailing)}. The run was stopped, since it cannot learn any more.`,
      kept ? keptText(kept, remedy) : `${unkeptText(since)}. ${remedy.unkept}`,
    );
  }
}

const unkeptText = (since: number) => (since <= 1 ? 'It was so from the start' : 'No checkpoint was saved before that');

function keptText({ step, accuracy, best }: KeptState, { kept, unkept }: WreckedRemedy): string {
  const text = `The last checkpoint from before that is that of step ${step}`;
  if (accuracy === undefined || best === undefined || accuracy >= STILL_GOOD_SHARE * best) return `${text}. ${kept}`;
  const percent = (share: number) => `${Math.round(100 * share)}%`;
  return `${text}, which was going wrong already: right ${percent(accuracy)} of the time, after ${percent(best)}. ${unkept}`;
}

/** A model whose weights cannot answer. */
export class WreckedModelError extends SoliloquyError {
  readonly code = 'wrecked_model';
}

/**
 * Throws WreckedModelError where the answers are not those of a model: logits that are not finite, or all equal at
 * every place.
 */
export function checkAnswers(name: string, vocabSize: number, rollouts: readonly Rollout[]): void {
  const { broken = 0, entropy } = vitalsOfAnswers(rollouts);
  const ailing = new HealthWatch(vocabSize).observe(0, { broken, entropy });
  if (!ailing || (ailing.ailment !== 'logits' && ailing.ailment !== 'flat')) return;
  const what = ailing.ailment === 'logits' ? 'its logits are not finite' : ailmentText(ailing);
  throw new WreckedModelError(
    `${name} cannot answer: ${what}. Its weights are wrecked, or were never trained.`,
    'Choose another model, or a checkpoint from before training went wrong.',
  );
}
