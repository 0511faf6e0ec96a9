// The names of other programs' metrics beside ours, which are TRL's. What is not here measures something else, or nothing of
// ours, and keeps its own name: veRL's rollout_probs_diff compares probabilities where sampling_logp_difference compares their
// logarithms, critic/rewards/mean has the KL penalty taken off.

/** Their name, whole, and ours. */
const SAME: readonly (readonly [RegExp, string])[] = [
  // veRL (verl/trainer/ppo/metric_utils.py and its actor).
  [/^critic\/score\/mean$/, 'reward'],
  [/^actor\/entropy(_loss)?$/, 'entropy'],
  [/^actor\/kl_loss$/, 'kl'],
  [/^actor\/grad_norm$/, 'grad_norm'],
  [/^actor\/lr$/, 'learning_rate'],
  [/^actor\/pg_clipfrac$/, 'clip_ratio/region_mean'],
  [/^response_length\/mean$/, 'completions/mean_length'],
  [/^response_length\/min$/, 'completions/min_length'],
  [/^response_length\/max$/, 'completions/max_length'],
  [/^response_length\/clip_ratio$/, 'completions/clipped_ratio'],
  [/^perf\/time_per_step$/, 'step_time'],
  [/^training\/epoch$/, 'epoch'],
  [/^val-core\/.+\/(acc|reward)\/mean@\d+$/, 'eval/accuracy'],
  // TRL's evaluation, where a reward is named as ours or as TRL's own.
  [/^eval_rewards\/accuracy(_reward)?\/mean$/, 'eval/accuracy'],
  [/^eval_rewards\/format(_reward)?\/mean$/, 'eval/format'],
  [/^eval_completions\/mean_length$/, 'eval/mean_length'],
  // TRL's built-in accuracy reward.
  [/^rewards\/accuracy_reward\/(mean|std)$/, 'rewards/accuracy/$1'],
];

const MAX_METRICS = 2000;
const MAX_REFUSED = 10_000;

/** The names of one run's metrics: no two of theirs become one of ours. */
export class MetricNames {
  /** Ours by theirs. */
  readonly #ours = new Map<string, string>();
  readonly #taken = new Set<string>();
  readonly #refused = new Set<string>();

  get size(): number {
    return this.#ours.size;
  }

  /** How many names there was no room for. */
  get leftOut(): number {
    return this.#refused.size;
  }

  /** Ours for theirs; undefined where there are too many. */
  of(theirs: string): string | undefined {
    const known = this.#ours.get(theirs);
    if (known !== undefined) return known;
    if (this.#ours.size >= MAX_METRICS) {
      if (this.#refused.size < MAX_REFUSED) this.#refused.add(theirs);
      return undefined;
    }
    const row = SAME.find(([pattern]) => pattern.test(theirs));
    const same = row && theirs.replace(...row);
    const ours = same !== undefined && !this.#taken.has(same) ? same : this.#free(plainName(theirs));
    this.#ours.set(theirs, ours);
    this.#taken.add(ours);
    return ours;
  }

  #free(name: string): string {
    let free = name;
    for (let i = 2; this.#taken.has(free); i++) free = `${name.slice(0, 110)}_${i}`;
    return free;
  }
}

/** Names of every object's own, which schemas leave out of a record. */
export const isReserved = (name: string): boolean => ['__proto__', 'constructor', 'prototype'].includes(name);

/** A name as a run file may hold it: letters, digits and _ / . @ -, a letter first. */
export function plainName(name: string): string {
  const plain = name.replace(/[^\w/.@ -]/g, '_').slice(0, 120);
  return /^[A-Za-z]/.test(plain) && !isReserved(plain) ? plain : `x${plain}`;
}
