// What a reader set and wants to find again: stored in this browser under a versioned schema, parsed and never cast.
import * as v from 'valibot';
import { create, type StoreApi, type UseBoundStore } from 'zustand';
import { DEVICE_WISHES } from '../protocol/device';
import { grpoConfigSchema } from '../protocol/options';

const STORAGE_KEY = 'soliloquy.preferences';

/** Bounds that do not depend on the model; those of the form's fields, too. */
const count = (min: number, max = 2 ** 31 - 1) => v.pipe(v.number(), v.integer(), v.minValue(min), v.maxValue(max));

export const askSettingsSchema = v.object({
  // null: as the model's own generation_config.json says.
  temperature: v.optional(v.nullable(v.pipe(v.number(), v.minValue(0), v.maxValue(4))), null),
  topP: v.optional(v.nullable(v.pipe(v.number(), v.gtValue(0), v.maxValue(1))), null),
  topK: v.optional(v.nullable(count(0)), null),
  maxTokens: v.optional(v.nullable(count(1)), null),
  seed: v.optional(count(0), 7),
  samples: v.optional(count(1, 16), 1),
  /** `none`: it answers at once; `budget` and `wait` have a number of their own. */
  thinking: v.optional(v.picklist(['free', 'none', 'budget', 'wait']), 'free'),
  thinkingBudget: v.optional(count(1), 16),
  waits: v.optional(count(1, 16), 1),
});

export const runSettingsSchema = v.object({
  task: v.string(),
  difficulty: v.record(v.string(), v.number()),
  preset: v.string(),
  config: grpoConfigSchema,
  evalProblems: v.pipe(v.number(), v.integer(), v.minValue(0)),
  evalEvery: v.pipe(v.number(), v.integer(), v.minValue(0)),
  checkpointEvery: v.pipe(v.number(), v.integer(), v.minValue(1)),
});

const preferencesSchema = v.object({
  version: v.literal(2),
  theme: v.optional(v.picklist(['system', 'light', 'dark']), 'system'),
  /** undefined: the browser's. */
  language: v.optional(v.picklist(['en', 'zh'])),
  paneMode: v.optional(v.picklist(['auto', 'open', 'closed']), 'open'),
  /** The thinking pane as the reader left it by hand. */
  paneOpen: v.optional(v.boolean()),
  /** How fast thinking is shown. */
  pace: v.optional(v.picklist(['live', 'reading', 'step']), 'reading'),
  /** Whether the experts of an answer are shown with its tokens. */
  showExperts: v.optional(v.boolean(), false),
  shortcuts: v.optional(v.boolean(), true),
  /** Whether Ask invites to the story. */
  invitesToStory: v.optional(v.boolean(), true),
  /** Whether thinking is kept to learn from; never unless the reader says so. */
  keepsChats: v.optional(v.boolean(), false),
  /** What to compute on. */
  device: v.optional(v.picklist(DEVICE_WISHES), 'auto'),
  ask: v.optional(askSettingsSchema, {}),
  /** The shipped model that the reader chose last; undefined: the one that is shown first. */
  model: v.optional(v.string()),
  /** The settings of the next run; undefined: the first preset's. */
  draft: v.optional(runSettingsSchema),
});

export type Preferences = v.InferOutput<typeof preferencesSchema>;
export type AskSettings = Preferences['ask'];
/** What a link may set. */
export type Borrowable = 'ask' | 'draft';

/**
 * Of version 1, which tidied thinking away unless told otherwise, and stored that like a choice: thinking now stays
 * open, and what was chosen by hand stays chosen.
 */
const firstVersionSchema = v.pipe(
  v.looseObject({ version: v.literal(1), paneMode: v.optional(v.string()) }),
  v.transform(({ paneMode, ...others }) => ({
    ...others,
    version: 2,
    ...(paneMode !== undefined && paneMode !== 'auto' && { paneMode }),
  })),
);
const storedSchema = v.union([v.pipe(firstVersionSchema, preferencesSchema), preferencesSchema]);

/** The preferences in a stored text; defaults for what is missing, and for all of it if it cannot be read. */
export function parsePreferences(text: string | null): Preferences {
  let value: unknown;
  try {
    value = JSON.parse(text ?? 'null');
  } catch {
    value = null;
  }
  const parsed = v.safeParse(storedSchema, value);
  return parsed.success ? parsed.output : v.parse(preferencesSchema, { version: 2 });
}

export class PreferenceStore {
  readonly usePreferences: UseBoundStore<StoreApi<Preferences>>;
  /** What the reader had in the place of what is borrowed. */
  #own: Partial<Preferences> = {};
  readonly #storage: () => Pick<Storage, 'getItem' | 'setItem'>;

  /**
   * @param storage the browser's. It can be forbidden (private windows, blocked site data) and throw: then settings last
   * as long as the page.
   */
  constructor(storage: () => Pick<Storage, 'getItem' | 'setItem'>) {
    this.#storage = storage;
    this.usePreferences = create(() => parsePreferences(this.#read()));
    this.usePreferences.subscribe((preferences) => this.#write(preferences));
  }

  /**
   * Takes over settings that are not the reader's own, such as those of a link. What the reader had stays stored, and is
   * back with `giveBack` or the next opening of the page; whatever is changed meanwhile is not stored.
   */
  borrow = (change: Partial<Pick<Preferences, Borrowable>>): void => {
    const now = this.usePreferences.getState();
    const names = Object.keys(change) as Borrowable[];
    this.#own = { ...Object.fromEntries(names.map((name) => [name, now[name]])), ...this.#own };
    this.usePreferences.setState(change);
  };

  /** Puts the reader's own settings back. */
  giveBack = (name: Borrowable): void => {
    if (!(name in this.#own)) return;
    const { [name]: own, ...others } = this.#own;
    this.#own = others;
    this.usePreferences.setState({ [name]: own });
  };

  /** Makes borrowed settings the reader's own. */
  keepBorrowed = (name: Borrowable): void => {
    const { [name]: _, ...others } = this.#own;
    this.#own = others;
    this.#write(this.usePreferences.getState());
  };

  /** Changes some preferences and stores them. */
  setPreferences = (change: Partial<Omit<Preferences, 'version'>>): void => {
    this.usePreferences.setState(change);
  };

  /** Changes some settings of the next question. */
  setAskSettings = (change: Partial<AskSettings>): void => {
    this.usePreferences.setState(({ ask }) => ({ ask: { ...ask, ...change } }));
  };

  #read(): string | null {
    try {
      return this.#storage().getItem(STORAGE_KEY);
    } catch {
      return null;
    }
  }

  #write(preferences: Preferences): void {
    try {
      this.#storage().setItem(STORAGE_KEY, JSON.stringify({ ...preferences, ...this.#own }));
    } catch {
      // Forbidden, or full.
    }
  }
}
