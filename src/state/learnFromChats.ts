// What is learned from kept thinking: a pipeline of one stage, supervised fine-tuning on the thoughts that came out right, with
// the model measured before and after it on held-out problems.
import { hashText } from '../lib/hash';
import { inputName } from '../protocol/lineage';
import { type Chat, learnable } from './chats';

/** How often each thought is read. */
const EPOCHS = 8;
const TOKENS_PER_STEP = 512;
const MOST_STEPS = 200;
const FEWEST_STEPS = 4;

/** No tokenizer makes more tokens of a text than it has bytes; a template adds some around it. */
const bytesOf = (text: string) => new TextEncoder().encode(text).length;
const END_TOKENS = 16;

/** What the stage makes, and the set that it reads. */
export const LEARNED = 'learned';
const SET = 'thoughts';

/** Where none of the questions is of a known task. */
const USUAL_TASK = 'chained_sums';

/** The task of most of them. */
function taskOf(chats: readonly Chat[]): string {
  const counts = new Map<string, number>();
  for (const { task } of chats) if (task !== undefined) counts.set(task, (counts.get(task) ?? 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1])[0]?.[0] ?? USUAL_TASK;
}

/**
 * The pipeline as a file, under a name that its texts and its model decide: the same ones are gone on with.
 * @param model the name of the loaded model, which it starts from
 * @param difficulty of the held-out problems, by dial
 */
export function chatsPipeline(
  chats: readonly Chat[],
  model: string,
  difficulty: (task: string) => Readonly<Record<string, number>>,
): { readonly name: string; readonly text: string; readonly steps: number } {
  const right = learnable(chats);
  const task = taskOf(right);
  const input = inputName(model);
  const pairs = right.map(({ question, completion }) => ({ question, completion }));
  const lengths = pairs.map(({ question, completion }) => bytesOf(question + completion) + END_TOKENS);
  const tokensPerStep = Math.max(TOKENS_PER_STEP, ...lengths);
  const total = lengths.reduce((sum, length) => sum + length, 0);
  const steps = Math.min(MOST_STEPS, Math.max(FEWEST_STEPS, Math.ceil((EPOCHS * total) / tokensPerStep)));
  const name = `chats-${hashText(JSON.stringify([input, pairs]))
    .toString(16)
    .padStart(8, '0')}`;
  const pipeline = {
    name,
    summary: `What ${model} learns from ${pairs.length} of its own thoughts that came out right.`,
    ...{ task, difficulty: difficulty(task), inputs: [input], sets: { [SET]: pairs } },
    stages: [
      {
        ...{ kind: 'sft', name: LEARNED, from: input, data: [{ kind: 'set', set: SET }] },
        summary: 'Supervised fine-tuning on kept thinking.',
        training: { steps, tokens_per_step: tokensPerStep, learning_rate: 3e-4, lr_scheduler_type: 'linear' },
      },
    ],
  };
  return { name, text: `${JSON.stringify(pipeline, null, 2)}\n`, steps };
}
