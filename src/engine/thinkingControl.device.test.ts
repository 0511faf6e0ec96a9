import { describe, expect, it } from 'vitest';
import { setUpRuntime, tinyModel } from '../testing/tinyModel';
import { Generator } from './generator';
import type { Rollout } from './rollout';
import type { Runtime } from './runtime';
import {
  type ControlledRequest,
  type ControlledRollout,
  generateControlled,
  type ThinkingControl,
  ThinkingControlError,
} from './thinkingControl';

const runtime = setUpRuntime();
const MAX_TOKENS = 40;

/** Two questions, three answers each, by an untrained model, which seldom ends its thinking by itself. */
async function generate(
  device: Runtime,
  control: ThinkingControl,
  maxNewTokens = MAX_TOKENS,
  onTokens?: ControlledRequest['onTokens'],
  promptEnd = '',
) {
  const model = await tinyModel(device, false);
  const { tokenizer } = model;
  const id = (tag: string) => tokenizer.idOf(tag) as number;
  const generator = new Generator(device, model.weights, {
    rollouts: 6,
    maxNewTokens: MAX_TOKENS,
    promptTokens: 6 * 60,
    hasAlternatives: false,
  });
  const thinking = { open: id('<think>'), close: id('</think>'), wait: tokenizer.encode(' wait ') };
  const rollouts = await generateControlled(generator, {
    prompts: ['1+2=?', '2-1+1=?'].map((question) => tokenizer.encodePrompt(question + promptEnd)),
    members: 3,
    sampling: {
      temperature: 1,
      topP: 1,
      topK: 0,
      maxNewTokens,
      endTokens: tokenizer.endTokens,
      numTokens: tokenizer.vocabSize,
    },
    control,
    thinking,
    key: (group, member, phase) => [group, member, phase],
    ...(onTokens && { onTokens }),
  });
  await generator.destroy();
  model.weights.destroy();
  return { rollouts, thinking, eosId: tokenizer.eosId };
}

function thoughtOf({ tokens }: Rollout, close: number): number[] {
  return tokens.slice(1, tokens.indexOf(close));
}

describe('thinking', () => {
  it('that the prompt has opened is not opened again, and keeps to its budget', async () => {
    const { rollouts, thinking } = await generate(runtime(), { budget: 6, waits: 1 }, MAX_TOKENS, undefined, '<think>');
    for (const { tokens, forced } of rollouts) {
      expect(tokens.indexOf(thinking.close)).toBeGreaterThanOrEqual(0);
      expect(tokens.indexOf(thinking.close)).toBeLessThanOrEqual(6);
      // An untrained model may draw the tag; it is not put there.
      expect([...forced.keys()].map((at) => tokens[at])).not.toContain(thinking.open);
    }
    const plain = await generate(runtime(), { budget: 0, waits: 0 }, MAX_TOKENS, undefined, '<think>');
    for (const { tokens } of plain.rollouts) expect(tokens[0]).toBe(thinking.close);
  });

  it('is empty at a budget of 0: the model answers at once', async () => {
    const { rollouts, thinking } = await generate(runtime(), { budget: 0, waits: 0 });
    for (const { tokens } of rollouts) expect(tokens.slice(0, 2)).toEqual([thinking.open, thinking.close]);
    expect(rollouts.map(({ group, member }) => [group, member])).toEqual([
      [0, 0],
      [0, 1],
      [0, 2],
      [1, 0],
      [1, 1],
      [1, 2],
    ]);
  });

  it('is never longer than its budget, which cuts it and has the answer drawn after the close', async () => {
    const { rollouts, thinking } = await generate(runtime(), { budget: 5, waits: 0 });
    const lengths = rollouts.map((rollout) => thoughtOf(rollout, thinking.close).length);
    expect(Math.max(...lengths)).toBe(5);
    for (const { tokens, logps, entropies } of rollouts) {
      expect(tokens[0]).toBe(thinking.open);
      expect(tokens.length).toBeGreaterThan(tokens.indexOf(thinking.close) + 1);
      expect([logps.length, entropies.length]).toEqual([tokens.length, tokens.length]);
    }
  });

  it('goes on as it would have: a larger budget keeps what a smaller one saw', async () => {
    const [short, long] = [
      await generate(runtime(), { budget: 3, waits: 0 }),
      await generate(runtime(), { budget: 9, waits: 0 }),
    ];
    short.rollouts.forEach((rollout, i) => {
      const thought = thoughtOf(rollout, short.thinking.close);
      expect(thoughtOf(long.rollouts[i] as Rollout, long.thinking.close).slice(0, thought.length)).toEqual(thought);
    });
  });

  it('is opened again by “wait” where it ended by itself, and by nothing where its room is used up', async () => {
    const plain = await generate(runtime(), { budget: null, waits: 0 });
    const waited = await generate(runtime(), { budget: null, waits: 2 });
    const room = MAX_TOKENS - 24;
    const { close, wait } = plain.thinking;
    plain.rollouts.forEach((rollout, i) => {
      const before = thoughtOf(rollout, close);
      const after = thoughtOf(waited.rollouts[i] as Rollout, close);
      expect(after.slice(0, before.length)).toEqual(before);
      const isReopened = before.length + wait.length < room;
      expect(after.slice(before.length, before.length + wait.length)).toEqual(isReopened ? wait : []);
      expect(after.length).toBeLessThanOrEqual(room);
    });
  });

  it('says which tokens nobody drew, and why', async () => {
    const { rollouts, thinking } = await generate(runtime(), { budget: 5, waits: 0 });
    for (const { tokens, forced, logps } of rollouts) {
      const close = tokens.indexOf(thinking.close);
      const isCut = close === 6;
      expect([...forced]).toEqual([[0, 'tag'], ...(forced.has(close) ? [[close, isCut ? 'cut' : 'tag']] : [])]);
      for (const place of forced.keys()) expect(logps[place]).toBe(0);
      if (isCut) expect(forced.get(close)).toBe('cut');
    }
    expect(rollouts.some(({ forced }) => [...forced.values()].includes('cut'))).toBe(true);
    const waited = await generate(runtime(), { budget: null, waits: 2 });
    for (const { tokens, forced } of waited.rollouts) {
      const words = [...forced].filter(([, why]) => why === 'wait').map(([place]) => tokens[place]);
      expect(words.length % thinking.wait.length).toBe(0);
      expect(words.slice(0, thinking.wait.length)).toEqual(words.length > 0 ? thinking.wait : []);
    }
  });

  it('is told as it grows: each look goes on from the one before, and the last is the answer', async () => {
    const looks: (readonly ControlledRollout[])[] = [];
    const { rollouts } = await generate(runtime(), { budget: 9, waits: 1 }, MAX_TOKENS, (partial) => {
      looks.push(partial);
      return true;
    });
    expect(looks.length).toBeGreaterThan(2);
    for (const [place, { tokens }] of rollouts.entries()) {
      const lengths = looks.map((look) => look[place]?.tokens.length ?? 0);
      for (const look of looks) expect(tokens.slice(0, look[place]?.tokens.length)).toEqual(look[place]?.tokens);
      expect(lengths).toEqual([...lengths].sort((a, b) => a - b));
    }
    expect(looks.at(-1)).toEqual(rollouts);
  });

  it('ends where it is when it is told to stop', async () => {
    const { rollouts, thinking } = await generate(runtime(), { budget: 12, waits: 0 }, MAX_TOKENS, () => false);
    for (const { tokens, stop } of rollouts) {
      expect(stop).toBe('running');
      expect(tokens).not.toContain(thinking.close);
    }
  });

  it('is refused a budget that leaves no room for an answer', async () => {
    await expect(generate(runtime(), { budget: 30, waits: 0 })).rejects.toThrow(ThinkingControlError);
    await expect(generate(runtime(), { budget: null, waits: 0 }, 10)).rejects.toThrow(/Allow at least 24/);
  });
});
