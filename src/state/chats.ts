// Thinking that the reader let this browser keep, to learn from: off unless they say so, and nowhere else.
import * as v from 'valibot';
import { create, type StoreApi, type UseBoundStore } from 'zustand';
import { parseCompletion } from '../tasks/completion';
import { findProblem } from '../tasks/registry';
import type { AskStore } from './ask';
import type { AskState } from './askReducer';
import type { PreferenceStore } from './preferences';

const STORAGE_KEY = 'soliloquy.chats';
/** Older ones are forgotten. */
export const MOST_CHATS = 500;
/** Characters of a question or an answer; a longer one is not kept. */
const MOST_TEXT = 4000;

const chatSchema = v.object({
  /** When it was kept, in milliseconds. */
  at: v.number(),
  model: v.string(),
  /** Empty: it was left out, and the thinking alone kept. */
  question: v.pipe(v.string(), v.maxLength(MOST_TEXT)),
  /** As the model wrote it: a think block, then an answer block. */
  completion: v.pipe(
    v.string(),
    v.maxLength(MOST_TEXT),
    v.check((text) => parseCompletion(text).wellFormed, 'a think block and an answer block'),
  ),
  /** Of the question, where one reads it. */
  task: v.optional(v.string()),
  /** The verifier's, where there is one; else the reader's, once they gave it. */
  verdict: v.optional(v.object({ by: v.picklist(['verifier', 'reader']), isRight: v.boolean() })),
});
const storedSchema = v.object({ version: v.literal(1), chats: v.array(v.unknown()) });

export type Chat = v.InferOutput<typeof chatSchema>;

export interface ChatsState {
  /** Newest first. */
  readonly chats: readonly Chat[];
  /** The browser does not let them be stored: they last as long as the page. */
  readonly isUnsaved: boolean;
}

/** Those that count as right: what there is to learn from. */
export const learnable = (chats: readonly Chat[]): readonly Chat[] => chats.filter(({ verdict }) => verdict?.isRight);

/** The chats in a stored text, without those that cannot be read. */
export function parseChats(text: string | null): readonly Chat[] {
  try {
    const { chats } = v.parse(storedSchema, JSON.parse(text ?? 'null'));
    return chats.flatMap((one) => (v.is(chatSchema, one) ? v.parse(chatSchema, one) : [])).slice(0, MOST_CHATS);
  } catch {
    return [];
  }
}

/** One JSON object a line, oldest first: `question` and `completion` are what `sft --data` reads. */
export const writeChats = (chats: readonly Chat[]): string =>
  chats
    .map((chat) => `${JSON.stringify(chat)}\n`)
    .toReversed()
    .join('');

/** The chats of such a file, newest first, or the numbers of the lines that are none. */
export function readChats(text: string): { readonly chats: readonly Chat[]; readonly bad: readonly number[] } {
  const chats: Chat[] = [];
  const bad: number[] = [];
  for (const [i, line] of text.split(/\r\n|\n|\r/).entries()) {
    if (line.trim() === '') continue;
    const chat = readLine(line);
    if (chat) chats.push(chat);
    else bad.push(i + 1);
  }
  return { chats: chats.reverse(), bad };
}

function readLine(line: string): Chat | undefined {
  try {
    const read = v.safeParse(chatSchema, JSON.parse(line));
    return read.success ? read.output : undefined;
  } catch {
    return undefined;
  }
}

/**
 * What is kept of answers that have ended by themselves: those with a thought and an answer, to a question that was put
 * as it is. Where the reader cut the thinking or went on from a token of their own, it is not the model's alone.
 */
function chatsOf({ request, answeredBy, origin, pane, samples }: AskState, at: number): readonly Chat[] {
  if (origin !== 'live' || pane.phase !== 'done' || request === undefined || answeredBy === undefined) return [];
  const { question, thinking, opening } = request;
  if (thinking !== null || opening !== undefined || question.length > MOST_TEXT) return [];
  const task = findProblem(question)?.task;
  return samples.flatMap(({ summary }) => {
    if (summary === undefined || summary.stopReason !== 'end') return [];
    const { verdict } = summary;
    const chat = v.safeParse(chatSchema, {
      ...{ at, model: answeredBy.name, question, completion: summary.completionText, task },
      ...(verdict && { verdict: { by: 'verifier', isRight: verdict.correct } }),
    });
    return chat.success ? [chat.output] : [];
  });
}

const isSame = (one: Chat, other: Chat) => one.question === other.question && one.completion === other.completion;

export class ChatStore {
  readonly useChats: UseBoundStore<StoreApi<ChatsState>>;

  /**
   * @param storage the browser's. It can be forbidden or full, and throw: then they last as long as the page.
   * @param now the time, in milliseconds
   */
  constructor(
    asking: Pick<AskStore, 'useAsk'>,
    preferences: Pick<PreferenceStore, 'usePreferences'>,
    private readonly storage: () => Pick<Storage, 'getItem' | 'setItem'>,
    now: () => number,
  ) {
    this.useChats = create(() => ({ chats: parseChats(this.#read()), isUnsaved: false }));
    const take = (state: AskState) => {
      if (preferences.usePreferences.getState().keepsChats) this.add(chatsOf(state, now()));
    };
    take(asking.useAsk.getState());
    asking.useAsk.subscribe((state, before) => {
      if (isKnown(state) && !isKnown(before)) take(state);
    });
  }

  /** Puts chats before the others; one that is there already moves up. */
  add = (added: readonly Chat[]): void => {
    if (added.length === 0) return;
    const distinct = added.filter((one, i) => added.findIndex((other) => isSame(one, other)) === i);
    const others = this.#all().filter((one) => !distinct.some((other) => isSame(one, other)));
    this.#set([...distinct, ...others].slice(0, MOST_CHATS));
  };

  /** The reader's own verdict, where no verifier has one. */
  judge = (chat: Chat, isRight: boolean): void => {
    const { verdict } = chat;
    if (verdict?.by === 'verifier') return;
    this.#set(this.#all().map((one) => (one === chat ? { ...chat, verdict: { by: 'reader', isRight } } : one)));
  };

  /** Keeps the thinking alone, of all that is there. */
  leaveQuestionsOut = (): void => {
    const [first, ...others] = this.#all().map((chat) => ({ ...chat, question: '' }));
    if (first) this.#set([first, ...others].filter((one, i, all) => all.findIndex((o) => isSame(one, o)) === i));
  };

  forget = (chat: Chat): void => this.#set(this.#all().filter((one) => one !== chat));
  forgetAll = (): void => this.#set([]);

  #all(): readonly Chat[] {
    return this.useChats.getState().chats;
  }

  #set(chats: readonly Chat[]): void {
    this.useChats.setState({ chats, isUnsaved: !this.#write(chats) });
  }

  #write(chats: readonly Chat[]): boolean {
    try {
      this.storage().setItem(STORAGE_KEY, JSON.stringify({ version: 1, chats }));
      return true;
    } catch {
      return false;
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
