// How long a model may think, enforced while it answers (s1, arXiv 2501.19393, "budget forcing"): thinking that has
// used its budget is closed for it; thinking that ends too soon is opened again with a word like "wait". Forced tokens
// become part of the prompt that the next generation continues, so the sampler knows nothing of them.
import { SoliloquyError } from '../lib/errors';
import type { GenerateRequest } from './generateRequest';
import type { Generator } from './generator';
import type { Rollout } from './rollout';

export interface ThinkingControl {
  /** The most tokens of thinking; 0 answers at once, null leaves it to the room there is. */
  readonly budget: number | null;
  /** How many times the end of thinking is put off by `wait`. */
  readonly waits: number;
}

export interface ThinkingTokens {
  readonly open: number;
  readonly close: number;
  /** What is put in the place of an end that is put off. */
  readonly wait: readonly number[];
}

/**
 * Why a token is there that the model did not draw: a tag in its place, a word to go on, the end of a budget, the
 * asker's wish.
 */
export type Forced = 'tag' | 'wait' | 'cut' | 'chosen';

export interface ControlledRollout extends Rollout {
  /** The forced tokens by their place; each has probability 1. */
  readonly forced: ReadonlyMap<number, Forced>;
}

/** A request for which there is no room. */
export class ThinkingControlError extends SoliloquyError {
  readonly code = 'bad_thinking_control';
}

/** Tokens of an answer and its tags, beside the thinking. */
export const ANSWER_TOKENS = 24;

/** A generation, of which there is one for the thinking, one for each wait and one for the answer. */
export type PhaseKey = (group: number, member: number, phase: number) => readonly [number, number, number];

export interface ControlledRequest extends Pick<GenerateRequest, 'prompts' | 'members' | 'sampling'> {
  /** Called with how many rollouts have ended, while the answers are drawn. */
  onProgress?(ended: number, total: number): void;
  readonly control: ThinkingControl;
  readonly thinking: ThinkingTokens;
  readonly key: PhaseKey;
  /** Called after each look at the device with the rollouts so far; return false to stop. */
  onTokens?(rollouts: readonly ControlledRollout[]): boolean;
}

/** Tokens of thinking that there is room for. Throws ThinkingControlError where not even an answer fits. */
export function checkControl({ budget }: ThinkingControl, maxNewTokens: number): number {
  const room = maxNewTokens - ANSWER_TOKENS;
  if (room < 0 || (budget ?? 0) > room) {
    throw new ThinkingControlError(
      `A thinking budget of ${budget ?? 0} tokens does not fit answers of ${maxNewTokens}: ` +
        `${ANSWER_TOKENS} are kept for the answer.`,
      `Allow at least ${(budget ?? 0) + ANSWER_TOKENS} tokens.`,
    );
  }
  return budget ?? room;
}

/**
 * Generates as `Generator.generate`, in order of (group, member), with the thinking under control. The generator needs room for
 * prompts that have grown by the thinking.
 */
export async function generateControlled(
  generator: Generator,
  request: ControlledRequest,
): Promise<ControlledRollout[]> {
  const { prompts, members, control, thinking, sampling } = request;
  const room = checkControl(control, sampling.maxNewTokens);
  const thoughts = prompts.flatMap((prompt, group) =>
    Array.from({ length: members }, (_, member) => new Thought(group, member, prompt, thinking)),
  );
  const run = new ControlledRun(generator, request, thoughts);
  await run.think(thoughts, room, 0);
  for (let wait = 1; wait <= control.waits; wait++) {
    const reopened = thoughts.filter((t) => t.hasEnded && t.length + thinking.wait.length < room);
    for (const thought of reopened) thought.put(thinking.wait, 'wait');
    await run.think(reopened, room, wait);
  }
  await run.answer(room, control.waits + 1);
  return run.rollouts;
}

/**
 * Generates as `Generator.generate`, each rollout with `opening` before what is drawn; one that ends in it is not gone
 * on with.
 */
export async function generateOpened(
  generator: Generator,
  opening: readonly number[],
  { prompts, onTokens, ...request }: Omit<GenerateRequest, 'onProgress' | 'onEnded'>,
): Promise<ControlledRollout[]> {
  const forced = new Map(opening.map((_, place) => [place, 'chosen' as const]));
  const present = (rollouts: readonly Rollout[]): ControlledRollout[] =>
    rollouts.map((rollout) => ({ ...rollout, ...join(certain(opening), rollout), forced }));
  if (opening.some((token) => request.sampling.endTokens.includes(token))) {
    const nothing = { ...certain([]), stop: 'end' as const };
    const ended = prompts.flatMap((_, group) =>
      Array.from({ length: request.members }, (__, member) => ({ group, member })),
    );
    return present(ended.map((place) => ({ ...place, ...nothing })));
  }
  const rollouts = await generator.generate({
    ...request,
    prompts: prompts.map((prompt) => [...prompt, ...opening]),
    ...(onTokens && { onTokens: (partial) => onTokens(present(partial)) }),
  });
  return present(rollouts);
}

type Drawn = Pick<Rollout, 'tokens' | 'logps' | 'drawnLogps' | 'entropies' | 'alternatives'>;

function part({ tokens, logps, drawnLogps, entropies, alternatives }: Drawn, first: number, end: number): Drawn {
  return {
    tokens: tokens.slice(first, end),
    logps: logps.slice(first, end),
    drawnLogps: drawnLogps.slice(first, end),
    entropies: entropies.slice(first, end),
    alternatives: alternatives.slice(first, end),
  };
}

function join(a: Drawn, b: Drawn): Drawn {
  return {
    tokens: [...a.tokens, ...b.tokens],
    logps: [...a.logps, ...b.logps],
    drawnLogps: [...a.drawnLogps, ...b.drawnLogps],
    entropies: [...a.entropies, ...b.entropies],
    alternatives: [...a.alternatives, ...b.alternatives],
  };
}

/** Tokens that nobody drew. */
function certain(tokens: readonly number[]): Drawn {
  const zeros = tokens.map(() => 0);
  return { tokens: [...tokens], logps: zeros, drawnLogps: zeros, entropies: zeros, alternatives: tokens.map(() => []) };
}

/** What is written for one rollout, its opening tag first unless the prompt has it. */
class Thought {
  readonly forced = new Map<number, Forced>();
  #written: Drawn;
  /** Where the thinking starts: after the opening tag, if that is written here. */
  readonly #first: number;
  /** The closing tag that the model drew, while it is not written. */
  #ownClose: Drawn | undefined;
  /** Whether thinking ended by itself; else the room was used up. */
  hasEnded = false;

  constructor(
    readonly group: number,
    readonly member: number,
    readonly prompt: readonly number[],
    { open, close }: ThinkingTokens,
  ) {
    this.#written = certain([]);
    // Some prompts open the thought themselves.
    if (prompt.lastIndexOf(open) <= prompt.lastIndexOf(close)) this.put([open], 'tag');
    this.#first = this.#written.tokens.length;
  }

  /** Tokens of thinking. */
  get length(): number {
    return this.#written.tokens.length - this.#first;
  }

  get tokens(): readonly number[] {
    return this.#written.tokens;
  }

  put(tokens: readonly number[], why: Forced): void {
    tokens.forEach((_, i) => {
      this.forced.set(this.#written.tokens.length + i, why);
    });
    this.#written = join(this.#written, certain(tokens));
  }

  /** Where a rollout's thinking ends: at a tag or the end of the text within `left` tokens, or after those. */
  static #endOf(rollout: Rollout, left: number, ends: readonly number[]): { at: number; isOwn: boolean } {
    const end = rollout.tokens.findIndex((token) => ends.includes(token));
    return end >= 0 && end < left
      ? { at: end, isOwn: true }
      : { at: Math.min(left, rollout.tokens.length), isOwn: false };
  }

  /** What would be written with a rollout that still goes on. */
  with(rollout: Rollout, left: number, ends: readonly number[]): Drawn {
    return join(this.#written, part(rollout, 0, Thought.#endOf(rollout, left, ends).at));
  }

  /**
   * Writes down what a rollout thought.
   * @param ends the closing tag first, then the ends of the text, which end the thinking too.
   */
  write(rollout: Rollout, left: number, ends: readonly number[]): void {
    const { at, isOwn } = Thought.#endOf(rollout, left, ends);
    this.#written = join(this.#written, part(rollout, 0, at));
    this.hasEnded = isOwn;
    this.#ownClose = isOwn && rollout.tokens[at] === ends[0] ? part(rollout, at, at + 1) : undefined;
  }

  close(tag: number, room: number): void {
    if (this.#ownClose) this.#written = join(this.#written, this.#ownClose);
    else this.put([tag], this.hasEnded || room === 0 ? 'tag' : 'cut');
  }

  /** @param rollout what came after it, if anything did. */
  present(rollout?: Rollout): ControlledRollout {
    const { group, member, forced } = this;
    const drawn = rollout ? join(this.#written, rollout) : this.#written;
    return { group, member, ...drawn, forced, stop: rollout?.stop ?? 'running' };
  }
}

class ControlledRun {
  rollouts: ControlledRollout[];
  #isStopped = false;

  constructor(
    private readonly generator: Generator,
    private readonly request: ControlledRequest,
    private readonly thoughts: readonly Thought[],
  ) {
    this.rollouts = thoughts.map((thought) => thought.present());
  }

  /** Goes on with each of these until it ends or has `room` tokens. */
  async think(thoughts: readonly Thought[], room: number, phase: number): Promise<void> {
    const longest = Math.max(0, ...thoughts.map((thought) => room - thought.length));
    if (longest === 0 || this.#isStopped) return;
    const { close } = this.request.thinking;
    const ends = [close, ...this.request.sampling.endTokens];
    const rollouts = await this.#generate(
      thoughts,
      phase,
      { endTokens: ends, maxNewTokens: longest },
      (t, rollout) => ({
        ...t.present(),
        ...t.with(rollout, room - t.length, ends),
      }),
    );
    rollouts.forEach((rollout, i) => {
      const thought = thoughts[i] as Thought;
      thought.write(rollout, room - thought.length, ends);
    });
  }

  /** Closes every thought and draws the answers. */
  async answer(room: number, phase: number): Promise<void> {
    if (this.#isStopped) return;
    for (const thought of this.thoughts) thought.close(this.request.thinking.close, room);
    const answers = { maxNewTokens: ANSWER_TOKENS - 2 };
    const { onProgress } = this.request;
    await this.#generate(this.thoughts, phase, answers, (t, rollout) => t.present(rollout), onProgress);
  }

  async #generate(
    thoughts: readonly Thought[],
    phase: number,
    sampling: Partial<GenerateRequest['sampling']>,
    present: (thought: Thought, rollout: Rollout) => ControlledRollout,
    onProgress?: GenerateRequest['onProgress'],
  ): Promise<Rollout[]> {
    const { request } = this;
    const show = (rollouts: readonly Rollout[]) => {
      const shown = new Map(rollouts.map((rollout, i) => [thoughts[i], present(thoughts[i] as Thought, rollout)]));
      this.rollouts = this.thoughts.map((thought) => shown.get(thought) ?? thought.present());
    };
    const rollouts = await this.generator.generate({
      prompts: thoughts.map((thought) => [...thought.prompt, ...thought.tokens]),
      members: 1,
      sampling: { ...request.sampling, ...sampling },
      key: (i) => {
        const { group, member } = thoughts[i] as Thought;
        return request.key(group, member, phase);
      },
      ...(onProgress && { onProgress }),
      ...(request.onTokens && {
        onTokens: (partial) => {
          show(partial);
          this.#isStopped = request.onTokens?.(this.rollouts) === false;
          return !this.#isStopped;
        },
      }),
    });
    show(rollouts);
    return rollouts;
  }
}
