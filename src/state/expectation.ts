// What to expect of a run before it starts: how long it takes here, by what was measured here; how far such runs came, by what
// was recorded of them; and which models know its task. Pure but for the fetching.
import * as v from 'valibot';
import { create } from 'zustand';
import { cardTags } from '../lib/cardTags';
import { numSteps } from '../protocol/options';
import type { RunSettings, StepMetrics } from '../protocol/protocol';

const outcomeSchema = v.object({
  task: v.string(),
  /** What the runs started from: a shipped model, or what a recipe of recipes/tasks/ makes. */
  model: v.string(),
  steps: v.number(),
  /** Share of held-out problems answered right before and after. */
  from: v.number(),
  to: v.number(),
});

/** What was measured of runs on a task. */
export type Outcome = v.InferOutput<typeof outcomeSchema>;

/** Whether a card says that its model knows a task: by its tags, or among the results of a mixture. */
export function knowsTask(task: string, card: string): boolean {
  const tags = cardTags(card);
  return (
    tags.includes(task) || (tags.includes('mixture') && new RegExp(`^\\| of them \\d+ of ${task} \\|`, 'm').test(card))
  );
}

/** The shipped models whose cards say that they know a task. */
export function knowersOf(task: string, cards: Readonly<Record<string, string>>): readonly string[] {
  return Object.entries(cards)
    .filter(([, card]) => knowsTask(task, card))
    .map(([id]) => id);
}

type Answers = Pick<RunSettings, 'config'>;
const answersOf = ({ config }: Answers) => config.num_prompts * config.num_generations;

/** How long a run takes at the pace of another; undefined where no step of that was measured. */
export function timeOf(settings: Answers, measured: Answers, steps: readonly StepMetrics[]): number | undefined {
  const times = steps.slice(-10).flatMap(({ metrics }) => metrics.step_time ?? []);
  if (times.length === 0) return undefined;
  const stepMs = (1000 * times.reduce((sum, time) => sum + time, 0)) / times.length;
  return (numSteps(settings.config) * stepMs * answersOf(settings)) / answersOf(measured);
}

export class OutcomeStore {
  readonly useOutcomes = create<readonly Outcome[]>()(() => []);
  #fetching: Promise<void> | undefined;

  constructor(private readonly fetchFile: (path: string) => Promise<Response>) {}

  /** Fetches the table, once. Offline nothing is said of other runs. */
  fetchOutcomes = (): Promise<void> => {
    this.#fetching ??= this.#fetch().catch(() => {
      this.#fetching = undefined;
    });
    return this.#fetching;
  };

  async #fetch(): Promise<void> {
    const response = await this.fetchFile('models/outcomes.json');
    const found = v.safeParse(v.array(outcomeSchema), await response.json());
    if (found.success) this.useOutcomes.setState(found.output, true);
  }
}
