// A reward tried on answers at hand, in a sandbox of its own: no model is needed for it.

import type { RolloutGroup } from '../protocol/protocol';
import type { CustomSample, CustomScore } from '../rewards/custom';
import { scoreCustom } from '../rewards/custom';
import type { Sandbox } from '../sandbox/sandbox';
import { parseCompletion } from '../tasks/completion';

export type { CustomSample, CustomScore };

function sampleOf(text: string, group: Pick<RolloutGroup, 'question' | 'gold'>, numTokens: number, maxTokens: number) {
  const { thinking = null, answer = null, wellFormed } = parseCompletion(text);
  const { question, gold } = group;
  const told = { question, expected: gold, completion: text, thinking, answer, wellFormed };
  return { ...told, correct: answer === gold, cases: null, numTokens, maxTokens, truncated: false };
}

/** Answers of a run as its reward sees them; the first of each group first. */
export function samplesOf(groups: readonly RolloutGroup[], maxTokens: number, most: number): CustomSample[] {
  const size = Math.max(0, ...groups.map(({ members }) => members.length));
  const samples = Array.from({ length: size }, (_, m) =>
    groups.flatMap((group) => {
      const member = group.members[m];
      if (member === undefined) return [];
      const text = member.tokens.map((token) => token.text).join('');
      const sample = sampleOf(text, group, member.tokens.length, maxTokens);
      const correct = member.rewards.accuracy === undefined ? sample.correct : member.rewards.accuracy === 1;
      return { ...sample, correct, truncated: member.stopReason === 'length' };
    }),
  );
  return samples.flat().slice(0, most);
}

/** Answers to try a reward on before there is a run: right and wrong, with thinking and without, and one that was cut. */
export const MADE_UP_SAMPLES: readonly CustomSample[] = [
  sampleOf('<think>9-8=1 then 1+3=4</think><answer>4</answer>', { question: '9-8+3=?', gold: '4' }, 19, 64),
  sampleOf('<think></think><answer>5</answer>', { question: '9-8+3=?', gold: '4' }, 6, 64),
  sampleOf('<think>7-9=-1 wait 7-9=-2</think><answer>-2</answer>', { question: '7-9=?', gold: '-2' }, 18, 64),
  sampleOf('<answer>-2</answer>', { question: '7-9=?', gold: '-2' }, 5, 64),
  { ...sampleOf(`<think>${'8+1=9 then '.repeat(9)}`, { question: '8+1-4=?', gold: '5' }, 64, 64), truncated: true },
];

export class RewardBench {
  constructor(private readonly sandbox: Sandbox) {}

  /** One score or error a sample. Throws SandboxError where the sandbox cannot start. */
  tryReward = (code: string, samples: readonly CustomSample[]): Promise<CustomScore[]> =>
    scoreCustom(code, samples, this.sandbox);
}
