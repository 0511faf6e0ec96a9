// How long a model may think, enforced while it answers (s1, arXiv 2501.19393, "budget forcing"): thinking that has used its budget is
// closed for it; thinking that ends too soon is opened again with a word like "wait". Forced tokens become part of the prompt
// that the next generation continues, so the sampler knows nothing of them.
import { SoliloquyError } from '../lib/errors';
import type { GenerateRequest, Generator, Rollout } from './generator';

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

/** A request for which there is no room. */
export class ThinkingControlError extends SoliloquyError {}

/** Tokens of an answer and its tags, beside the thinking. */
const ANSWER_TOKENS = 24;

interface Thought {
  readonly group: number;
  readonly member: number;
  readonly prompt: readonly number[];
  readonly tokens: number[];
  readonly logps: number[];
  readonly entropies: number[];
  /** Whether it ended by itself; else the room was used up. */
  hasEnded: boolean;
}

/** A generation, of which there is one for the thinking, one for each wait and one for the answer. */
export type PhaseKey = (group: number, member: number, phase: number) => readonly [number, number, number];

export interface ControlledRequest extends Pick<GenerateRequest, 'prompts' | 'members' | 'sampling'> {
  readonly control: ThinkingControl;
  readonly thinking: ThinkingTokens;
  readonly key: PhaseKey;
}

/** Tokens of thinking that there is room for. Throws ThinkingControlError where not even an answer fits. */
export function checkControl(control: ThinkingControl, maxNewTokens: number): number {
  const room = maxNewTokens - ANSWER_TOKENS;
  if (room < 0 || (control.budget ?? 0) > room) {
    throw new ThinkingControlError(
      `A thinking budget of ${control.budget ?? 0} tokens does not fit answers of ${maxNewTokens}: ${ANSWER_TOKENS} are kept for the answer.`,
      `Allow at least ${(control.budget ?? 0) + ANSWER_TOKENS} tokens.`,
    );
  }
  return control.budget ?? room;
}

/**
 * Generates as `Generator.generate`, in order of (group, member), with the thinking under control. The generator needs room for
 * prompts that have grown by the thinking. Tokens that were forced have probability 1.
 */
export async function generateControlled(generator: Generator, request: ControlledRequest): Promise<Rollout[]> {
  const { prompts, members, control, thinking } = request;
  const room = checkControl(control, request.sampling.maxNewTokens);
  const thoughts = prompts.flatMap((prompt, group) =>
    Array.from({ length: members }, (_, member): Thought => {
      const drawn = { tokens: [], logps: [], entropies: [], hasEnded: false };
      return { group, member, prompt: [...prompt, thinking.open], ...drawn };
    }),
  );
  await think(generator, request, thoughts, room, 0);
  for (let wait = 1; wait <= control.waits; wait++) {
    const reopened = thoughts.filter((t) => t.hasEnded && t.tokens.length + thinking.wait.length < room);
    for (const thought of reopened) force(thought, thinking.wait);
    await think(generator, request, reopened, room, wait);
  }
  return answer(generator, request, thoughts, control.waits + 1);
}

function force(thought: Thought, tokens: readonly number[]): void {
  thought.tokens.push(...tokens);
  for (const list of [thought.logps, thought.entropies]) list.push(...tokens.map(() => 0));
}

/** Goes on with each thought until it ends or has `room` tokens. */
async function think(
  generator: Generator,
  request: ControlledRequest,
  thoughts: readonly Thought[],
  room: number,
  phase: number,
): Promise<void> {
  const longest = Math.max(0, ...thoughts.map((thought) => room - thought.tokens.length));
  if (longest === 0) return;
  const { close } = request.thinking;
  const rollouts = await generator.generate({
    prompts: thoughts.map((thought) => [...thought.prompt, ...thought.tokens]),
    members: 1,
    sampling: { ...request.sampling, endToken: close, maxNewTokens: longest },
    key: (i) => keyOf(request, thoughts[i] as Thought, phase),
  });
  rollouts.forEach((rollout, i) => {
    const thought = thoughts[i] as Thought;
    // The end of the text ends the thinking too.
    const end = rollout.tokens.findIndex((token) => token === close || token === request.sampling.endToken);
    const left = room - thought.tokens.length;
    thought.hasEnded = end >= 0 && end <= left;
    const count = thought.hasEnded ? end : Math.min(left, rollout.tokens.length);
    thought.tokens.push(...rollout.tokens.slice(0, count));
    thought.logps.push(...rollout.logps.slice(0, count));
    thought.entropies.push(...rollout.entropies.slice(0, count));
  });
}

/** Closes every thought and draws the answers. */
async function answer(
  generator: Generator,
  request: ControlledRequest,
  thoughts: readonly Thought[],
  phase: number,
): Promise<Rollout[]> {
  const { open, close } = request.thinking;
  const rollouts = await generator.generate({
    prompts: thoughts.map((thought) => [...thought.prompt, ...thought.tokens, close]),
    members: 1,
    sampling: { ...request.sampling, maxNewTokens: ANSWER_TOKENS - 2 },
    key: (i) => keyOf(request, thoughts[i] as Thought, phase),
  });
  return rollouts.map((rollout, i) => {
    const { group, member, tokens, logps, entropies } = thoughts[i] as Thought;
    return {
      group,
      member,
      tokens: [open, ...tokens, close, ...rollout.tokens],
      logps: [0, ...logps, 0, ...rollout.logps],
      entropies: [0, ...entropies, 0, ...rollout.entropies],
      alternatives: [],
      stop: rollout.stop,
    };
  });
}

function keyOf(request: ControlledRequest, { group, member }: Thought, phase: number) {
  return request.key(group, member, phase);
}
