// A run of the one page that can be stopped at each `yield`, and what has been found out so far.
import { type Answer, createRandom, decode, train } from './grpo';

/** Rounds that the share of right answers is averaged over. */
export const WINDOW = 20;

/** What the lines hand out, one at a time. */
export interface Found {
  readonly questions: readonly string[];
  readonly groups: readonly (readonly Answer[])[];
  readonly rewards: readonly (readonly number[])[];
  readonly advantages: readonly (readonly number[])[];
  readonly loss: number;
  readonly norm: number;
  readonly update: number;
}

export type FoundName = keyof Found;

/** What is known after a line: plain data, a new object each time. */
export interface Progress {
  /** The line that was run last; undefined before the first. */
  readonly at: FoundName | undefined;
  /** What each line found last, as text. */
  readonly values: Readonly<Partial<Record<FoundName, string>>>;
  /** Share of right answers of each round, averaged over the last WINDOW of them. */
  readonly accuracies: readonly number[];
}

export const NOTHING: Progress = { at: undefined, values: {}, accuracies: [] };

export class OnePageSession {
  readonly #run: Iterator<Partial<Found>>;
  readonly #rights: number[] = [];
  #progress = NOTHING;

  constructor(seed: number) {
    this.#run = train(createRandom(seed));
  }

  get progress(): Progress {
    return this.#progress;
  }

  /** Runs on to the next `yield`. */
  advance(): Progress {
    const { value: found } = this.#run.next() as { readonly value: Partial<Found> };
    const [at] = Object.keys(found) as [FoundName];
    const { values, accuracies } = this.#progress;
    this.#progress = {
      at,
      values: { ...values, [at]: tell(found) },
      accuracies: found.rewards ? [...accuracies, this.#accuracy(found.rewards)] : accuracies,
    };
    return this.#progress;
  }

  #accuracy(rewards: Found['rewards']): number {
    const all = rewards.flat();
    this.#rights.push(all.filter((reward) => reward === 1).length / all.length);
    const last = this.#rights.slice(-WINDOW);
    return last.reduce((sum, share) => sum + share, 0) / last.length;
  }
}

const short = (value: number) =>
  value
    .toFixed(2)
    .replace('-', '−')
    .replace(/\.?0+$/, '');

/** A value in a line of text. */
function tell(found: Partial<Found>): string {
  if (found.questions) return found.questions.join('   ');
  if (found.groups) {
    return found.groups
      .map((group) => `${group[0]?.question} → ${group.map(({ tokens }) => decode(tokens)).join(' ')}`)
      .join('\n');
  }
  const rows = found.rewards ?? found.advantages;
  if (rows) return rows.map((row) => row.map(short).join('  ')).join('\n');
  if (found.update !== undefined) return String(found.update);
  return (found.loss ?? found.norm ?? Number.NaN).toFixed(6).replace('-', '−');
}

/** Place, counted from 0, of the line that hands out what is named so. Throws where the source has none, or several. */
export function lineOf(source: string, name: FoundName): number {
  const places = source.split('\n').flatMap((line, i) => (line.includes(`yield { ${name} }`) ? [i] : []));
  if (places.length !== 1) throw new Error(`the source has ${places.length} lines that yield ${name}`);
  return places[0] as number;
}
