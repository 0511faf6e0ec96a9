// What was asked and what came: kept in this browser, the newest first, up to a limit. Each has the link that asks it again.
import * as v from 'valibot';
import { create, type StoreApi, type UseBoundStore } from 'zustand';
import { readAddress } from './address';
import type { AskStore } from './ask';
import { type AskState, shownSample } from './askReducer';
import { linkOfRequest, readAskLink, writeAskLink } from './links/askLink';

const STORAGE_KEY = 'soliloquy.asked';
/** Older ones are forgotten. */
export const MOST_ASKED = 100;
/** Characters of a thought or an answer that are kept. */
const MOST_TEXT = 2000;

const askedSchema = v.object({
  at: v.number(),
  model: v.string(),
  /** How far its training was, while that went on. */
  step: v.optional(v.number()),
  question: v.string(),
  seed: v.number(),
  temperature: v.number(),
  /** The address behind `#` that asks it again, of this model and with these settings. */
  link: v.pipe(v.string(), v.startsWith('#ask?')),
  thinking: v.optional(v.string()),
  answer: v.optional(v.string()),
  /** undefined where nothing can check it. */
  isRight: v.optional(v.boolean()),
});
const storedSchema = v.object({ version: v.literal(1), asked: v.array(v.unknown()) });

export type Asked = v.InferOutput<typeof askedSchema>;

/** The questions in a stored text, without those that cannot be read. */
export function parseAsked(text: string | null): readonly Asked[] {
  try {
    const { asked } = v.parse(storedSchema, JSON.parse(text ?? 'null'));
    return asked.filter((one) => v.is(askedSchema, one)).slice(0, MOST_ASKED);
  } catch {
    return [];
  }
}

/** The question as it was asked, of another model; undefined if its link cannot be read. */
export function linkToAsk({ link }: Asked, model: string): string | undefined {
  const read = readAskLink(readAddress(link).values);
  return read.ok ? writeAskLink({ ...read.link, model }) : undefined;
}

/** What is kept of an answer that has ended by itself; undefined of any other, and of one that the reader began. */
function askedOf(state: AskState, at: number): Asked | undefined {
  const { request, answeredBy, origin, pane } = state;
  const { summary } = shownSample(state);
  if (origin !== 'live' || pane.phase !== 'done' || request === undefined || answeredBy === undefined) return;
  if (summary === undefined || summary.stopReason === 'stopped' || request.opening !== undefined) return;
  const { question, seed, temperature } = request;
  const { thinking, answer, verdict } = summary;
  return {
    ...{ at, model: answeredBy.name, question, seed, temperature },
    ...(answeredBy.step !== undefined && { step: answeredBy.step }),
    link: writeAskLink(linkOfRequest(request, answeredBy.name)),
    ...(thinking !== undefined && { thinking: thinking.slice(0, MOST_TEXT) }),
    ...(answer !== undefined && { answer: answer.slice(0, MOST_TEXT) }),
    ...(verdict && { isRight: verdict.correct }),
  };
}

export class AskedStore {
  readonly useAsked: UseBoundStore<StoreApi<{ readonly asked: readonly Asked[] }>>;

  /**
   * @param storage the browser's. It can be forbidden or full, and throw: then the list lasts as long as the page.
   * @param now the time, in milliseconds
   */
  constructor(
    asking: Pick<AskStore, 'useAsk'>,
    private readonly storage: () => Pick<Storage, 'getItem' | 'setItem'>,
    now: () => number,
  ) {
    this.useAsked = create(() => ({ asked: parseAsked(this.#read()) }));
    const take = (state: AskState) => {
      const asked = askedOf(state, now());
      if (asked) this.#set([asked, ...this.#all().filter((one) => !isSame(one, asked))].slice(0, MOST_ASKED));
    };
    take(asking.useAsk.getState());
    asking.useAsk.subscribe((state, before) => {
      if (isKnown(state) && !isKnown(before)) take(state);
    });
  }

  forget = (asked: Asked): void => this.#set(this.#all().filter((one) => one !== asked));
  forgetAll = (): void => this.#set([]);

  #all(): readonly Asked[] {
    return this.useAsked.getState().asked;
  }

  #set(asked: readonly Asked[]): void {
    this.useAsked.setState({ asked });
    try {
      this.storage().setItem(STORAGE_KEY, JSON.stringify({ version: 1, asked }));
    } catch {
      // It lasts as long as the page.
    }
  }

  #read(): string | null {
    try {
      return this.storage().getItem(STORAGE_KEY);
    } catch {
      return null;
    }
  }
}

/** Whose answer it is may be known only after it has ended. */
const isKnown = ({ pane, answeredBy }: AskState) => pane.phase === 'done' && answeredBy !== undefined;

/** The same question to the same model at the same step of its training: the newer answer counts. */
const isSame = (one: Asked, other: Asked) => one.link === other.link && one.step === other.step;
