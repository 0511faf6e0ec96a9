// The vote among answers to one question: who answered what, how often, and whether the verifier agrees.
import { tally } from '../tasks/votes';
import type { AskState } from './askReducer';

export interface TallyRow {
  readonly answer: string;
  /** Those that gave it, by their place. */
  readonly samples: readonly number[];
  /** undefined where nothing can check it. */
  readonly isRight: boolean | undefined;
}

export interface Tally {
  /** Most frequent first; of equals the one that was given first. */
  readonly rows: readonly TallyRow[];
  /** Those that ended without an answer. */
  readonly unanswered: readonly number[];
  /** Those that have not ended. */
  readonly pending: readonly number[];
  /** How many are right; undefined where nothing can check them. */
  readonly numRight: number | undefined;
}

export function tallyOf({ samples }: Pick<AskState, 'samples'>): Tally {
  const ballots = samples.map(({ summary }, place) => {
    const { answer, verdict } = summary ?? {};
    return { place, answer, isCorrect: verdict?.correct ?? false, isChecked: verdict !== undefined };
  });
  const ended = ballots.filter(({ place }) => samples[place]?.summary);
  const rows = tally(ballots).map(({ answer }): TallyRow => {
    const votes = ballots.filter((ballot) => ballot.answer === answer);
    const checked = votes.find(({ isChecked }) => isChecked);
    return { answer, samples: votes.map(({ place }) => place), isRight: checked?.isCorrect };
  });
  return {
    rows,
    unanswered: ended.filter(({ answer }) => answer === undefined).map(({ place }) => place),
    pending: ballots.filter((ballot) => !ended.includes(ballot)).map(({ place }) => place),
    numRight: ended.some(({ isChecked }) => isChecked) ? ended.filter((one) => one.isCorrect).length : undefined,
  };
}
