// The reader as a rater: two answers of the loaded model to one problem at a time, of which one is chosen.
import { create } from 'zustand';
import { rng } from '../lib/rng';
import type { PreferenceText } from '../protocol/preferences';
import type { AnswerSummary, DescribedError, EngineEvent } from '../protocol/protocol';
import type { RaterName } from '../rewards/raters';
import { task } from '../tasks/kinds/chainedSums';
import { sampleProblem } from '../tasks/split';
import type { Session } from './session';

/** Two answers to be compared. */
export interface Comparison {
  readonly question: string;
  readonly answers: readonly [AnswerSummary, AnswerSummary];
}

export interface PreferenceState {
  /** Who prefers. */
  readonly rater: RaterName | 'you';
  readonly pairs: readonly PreferenceText[];
  /** Of those pairs in which one answer was right and the other was not: how many there were, and in how many it was chosen. */
  readonly known: { readonly decided: number; readonly right: number };
  readonly current: Comparison | undefined;
  /** What the last choice was: whether the chosen answer was right, and the other one. */
  readonly last: { readonly chosen: boolean; readonly rejected: boolean } | undefined;
  readonly isAsking: boolean;
  readonly problem: DescribedError | undefined;
}

const NOTHING: PreferenceState = {
  rater: 'teacher',
  pairs: [],
  known: { decided: 0, right: 0 },
  current: undefined,
  last: undefined,
  isAsking: false,
  problem: undefined,
};

const MOST_TOKENS = 96;
/** Problems to which both answers are alike, or one does not end, before it is given up. */
const MOST_TRIES = 12;

const isRight = ({ verdict }: AnswerSummary): boolean => verdict?.correct ?? false;

/** The state after a choice. @param first whether the first answer was chosen */
export function afterChoice(state: PreferenceState, first: boolean): PreferenceState {
  const { current, pairs, known } = state;
  if (!current) return state;
  const [chosen, rejected] = first ? current.answers : current.answers.toReversed();
  if (!chosen || !rejected) return state;
  const pair = { prompt: current.question, chosen: chosen.completionText, rejected: rejected.completionText };
  const last = { chosen: isRight(chosen), rejected: isRight(rejected) };
  const isDecided = last.chosen !== last.rejected;
  return {
    ...state,
    pairs: [...pairs, pair],
    known: { decided: known.decided + Number(isDecided), right: known.right + Number(isDecided && last.chosen) },
    current: undefined,
    last,
  };
}

export class PreferenceLab {
  readonly usePreferenceLab = create<PreferenceState>()(() => NOTHING);
  #askId: number | undefined;
  #question = '';
  #answers: AnswerSummary[] = [];
  #asked = 0;
  #tries = 0;

  constructor(private readonly session: Pick<Session, 'callEngine' | 'onEngineEvents'>) {
    session.onEngineEvents((batch) => {
      for (const event of batch) this.#takeIn(event);
    });
  }

  chooseRater = (rater: PreferenceState['rater']): void => {
    this.usePreferenceLab.setState({ rater });
  };

  /** Shows the next two answers. Not while the model is asked. */
  compare = async (): Promise<void> => {
    if (this.usePreferenceLab.getState().isAsking) return;
    this.#tries = 0;
    await this.#ask();
  };

  /** Takes the reader's choice, and shows the next two answers. */
  prefer = async (first: boolean): Promise<void> => {
    if (!this.usePreferenceLab.getState().current) return;
    this.usePreferenceLab.setState((state) => afterChoice(state, first));
    await this.compare();
  };

  forgetPairs = (): void => {
    this.usePreferenceLab.setState(({ rater, current }) => ({ ...NOTHING, rater, current }));
  };

  async #ask(): Promise<void> {
    const seed = this.#asked++;
    this.#question = sampleProblem(task, {}, 'train', rng(seed, 'prefer', 0)).question;
    this.#answers = [];
    this.#askId = undefined;
    this.usePreferenceLab.setState({ isAsking: true, problem: undefined, current: undefined });
    const asked = await this.session.callEngine((api) =>
      api.ask({
        question: this.#question,
        ...{ temperature: 1, topP: 1, topK: 0, seed, samples: 2 },
        maxTokens: MOST_TOKENS,
        thinking: null,
      }),
    );
    if (asked.ok) this.#askId = asked.value;
    else this.usePreferenceLab.setState({ isAsking: false, problem: asked.error });
  }

  #takeIn(event: EngineEvent): void {
    if (!this.usePreferenceLab.getState().isAsking) return;
    if (event.type === 'deviceLost') this.#stop(event.error);
    if (!('askId' in event) || event.askId !== this.#askId) return;
    if (event.type === 'askFailed') this.#stop(event.error);
    if (event.type !== 'answerEnded') return;
    this.#answers[event.sample] = event.summary;
    const [one, other] = this.#answers;
    if (one && other) this.#show(one, other);
  }

  #show(one: AnswerSummary, other: AnswerSummary): void {
    const isFit = one.completionText !== other.completionText && one.stopReason === 'end' && other.stopReason === 'end';
    if (isFit) {
      const current: Comparison = { question: this.#question, answers: [one, other] };
      this.usePreferenceLab.setState({ isAsking: false, current });
    } else if (++this.#tries < MOST_TRIES) void this.#ask();
    else this.usePreferenceLab.setState({ isAsking: false });
  }

  #stop(problem: DescribedError): void {
    this.usePreferenceLab.setState({ isAsking: false, problem });
  }
}
