import { describe, expect, it } from 'vitest';
import { parsePipelineFile } from '../runs/pipeline';
import type { Chat } from './chats';
import { chatsPipeline, LEARNED } from './learnFromChats';

const chat = (question: string, change: Partial<Chat> = {}): Chat => ({
  ...{ at: 1, model: 'base', question, completion: '<think>1+1=2</think><answer>2</answer>' },
  ...{ task: 'chained_sums', verdict: { by: 'verifier', isRight: true } },
  ...change,
});
const KNOWN: Readonly<Record<string, Readonly<Record<string, number>>>> = { chained_sums: { max_terms: 5 } };
const made = (chats: readonly Chat[], model = 'base · calm-otter-7') =>
  chatsPipeline(chats, model, (task) => KNOWN[task] ?? {});
const read = (chats: readonly Chat[]) => parsePipelineFile(made(chats).text, 'chats.json');

describe('learning from kept thinking', () => {
  it('is a pipeline that can be run: the thoughts that came out right, and no others', () => {
    const wrong = chat('2+2', { verdict: { by: 'verifier', isRight: false } });
    const [mine, open] = [chat('Hi', { verdict: { by: 'reader', isRight: true } }), chat('Ho', { verdict: undefined })];
    const { sets, inputs, stages } = read([chat('1+1'), wrong, mine, open, chat('')]);
    expect(sets.thoughts?.map(({ question }) => question)).toEqual(['1+1', 'Hi', '']);
    expect(inputs).toEqual(['base-calm-otter-7']);
    expect(stages).toMatchObject([{ kind: 'sft', name: LEARNED, from: 'base-calm-otter-7' }]);
  });

  it('is measured on the task of most of them, at the difficulty that the model knows', () => {
    expect(read([chat('1+1'), chat('3*4', { task: 'products' }), chat('2+1')])).toMatchObject({
      task: 'chained_sums',
      difficulty: { max_terms: 5 },
    });
    expect(read([chat('3*4', { task: 'products' })])).toMatchObject({ task: 'products', difficulty: {} });
    expect(read([chat('Hi', { task: undefined })])).toMatchObject({ task: 'chained_sums' });
  });

  it('has another name for other texts or another model, and the same for the same', () => {
    const [one, two] = [[chat('1+1')], [chat('1+2')]];
    expect(made(one).name).toBe(made(one).name);
    expect(new Set([made(one).name, made(two).name, made(one, 'r1').name]).size).toBe(3);
  });

  it('takes more steps for more texts, within bounds, and has room for the longest', () => {
    const long = `<think>${'1'.repeat(900)}</think><answer>1</answer>`;
    const { steps } = made(Array.from({ length: 40 }, (_, i) => chat(`${i}`)));
    expect([made([chat('1+1')]).steps, steps]).toEqual([4, 35]);
    expect(made(Array.from({ length: 1900 }, (_, i) => chat(`${i}`))).steps).toBe(200);
    const [stage] = read([chat('1', { completion: long })]).stages;
    expect(stage).toMatchObject({ training: { tokens_per_step: expect.closeTo(956, -2) } });
  });
});
