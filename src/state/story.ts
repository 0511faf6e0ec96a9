// What a reader of the story said before they saw, and what came: kept in this browser under a versioned schema.
import * as v from 'valibot';
import { create, type StoreApi, type UseBoundStore } from 'zustand';

const STORAGE_KEY = 'soliloquy.story';
/** More than the story asks. */
const MOST_QUESTIONS = 100;

/** A number, or the name of one of the answers to choose from. */
const valueSchema = v.union([v.pipe(v.number(), v.finite()), v.pipe(v.string(), v.maxLength(40))]);

const predictionSchema = v.object({
  /** What the reader expects. */
  said: v.optional(valueSchema),
  /** What came out when it was last tried here. */
  came: v.optional(valueSchema),
});

const storySchema = v.object({
  version: v.literal(1),
  /** By question, e.g. `rule.right`. */
  predictions: v.pipe(
    v.record(v.pipe(v.string(), v.maxLength(40)), predictionSchema),
    v.check((predictions) => Object.keys(predictions).length <= MOST_QUESTIONS),
  ),
});

export type StoryState = v.InferOutput<typeof storySchema>;
export type Prediction = v.InferOutput<typeof predictionSchema>;
export type Predicted = v.InferOutput<typeof valueSchema>;

const EMPTY: StoryState = { version: 1, predictions: {} };

/** What is in a stored text; nothing where it cannot be read. */
export function parseStory(text: string | null): StoryState {
  try {
    const parsed = v.safeParse(storySchema, JSON.parse(text ?? 'null'));
    return parsed.success ? parsed.output : EMPTY;
  } catch {
    return EMPTY;
  }
}

export class StoryStore {
  readonly useStory: UseBoundStore<StoreApi<StoryState>>;
  readonly #storage: () => Pick<Storage, 'getItem' | 'setItem'>;

  /** @param storage the browser's. It can be forbidden and throw: then predictions last as long as the page. */
  constructor(storage: () => Pick<Storage, 'getItem' | 'setItem'>) {
    this.#storage = storage;
    this.useStory = create(() => parseStory(this.#read()));
    this.useStory.subscribe((state) => this.#write(state));
  }

  /** Keeps what the reader expects, until it was tried: what is said after the fact is no prediction. */
  predict = (question: string, said: Predicted): void => {
    const known = this.useStory.getState().predictions[question];
    if (known?.came === undefined) this.#keep(question, { said });
  };

  /** Keeps what came out. */
  reveal = (question: string, came: Predicted): void => this.#keep(question, { came });

  /** Forgets every prediction, to begin anew. */
  forgetPredictions = (): void => this.useStory.setState({ predictions: {} });

  #keep(question: string, change: Prediction): void {
    this.useStory.setState(({ predictions }) => ({
      predictions: { ...predictions, [question]: { ...predictions[question], ...change } },
    }));
  }

  #read(): string | null {
    try {
      return this.#storage().getItem(STORAGE_KEY);
    } catch {
      return null;
    }
  }

  #write(state: StoryState): void {
    try {
      this.#storage().setItem(STORAGE_KEY, JSON.stringify(state));
    } catch {
      // Forbidden, or full.
    }
  }
}
