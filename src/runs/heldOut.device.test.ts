// No problem of an evaluation is ever trained on: looked at from where problems are drawn, in every kind of stage, for
// every task.
import { afterEach, expect, it, vi } from 'vitest';
import { allTasks, getTask } from '../tasks/registry';
import type * as SplitModule from '../tasks/split';
import type { Problem, Task } from '../tasks/task';
import { memoryPipelineStore } from '../testing/memoryPipelineStore';
import { setUpRuntime } from '../testing/tinyModel';
import { type PipelineOptions, parsePipeline } from './pipeline';
import { PipelineRunner } from './pipelineRunner';
import { tinyPipeline } from './ready';

interface Drawn {
  readonly split: SplitModule.Split;
  readonly problem: Problem;
}
const door = vi.hoisted(() => ({ drawn: [] as Drawn[], isOpen: false }));

vi.mock('../tasks/split', async (original) => {
  const split = await original<typeof SplitModule>();
  const sampleProblem: typeof split.sampleProblem = (task, difficulty, wanted, rng) => {
    door.isOpen = true;
    const problem = split.sampleProblem(task, difficulty, wanted, rng);
    door.isOpen = false;
    door.drawn.push({ split: wanted, problem });
    return problem;
  };
  return { ...split, sampleProblem };
});

const runtime = setUpRuntime();
afterEach(() => {
  vi.restoreAllMocks();
  door.drawn.length = 0;
});

const PROBLEMS = 64;
const TEXTS = { tokens_per_step: 256, steps: 3, learning_rate: 1e-3 };
const ANSWERS = { num_prompts: 8, num_generations: 2, max_completion_length: 8, max_steps: 2, learning_rate: 1e-3 };

/** Every kind of stage once, on random weights: what is asked does not depend on what is learned. */
function everyKind(task: Task): PipelineOptions {
  const [random] = tinyPipeline('r1-zero').stages;
  if (random?.kind !== 'initialize') throw new Error('the tiny pipeline begins otherwise');
  return {
    name: 'every-kind',
    summary: '',
    task: task.name,
    inputs: [],
    evaluation: { problems: PROBLEMS, max_completion_length: 8 },
    stages: [
      random,
      { kind: 'pretrain', name: 'pretrained', from: 'random', training: TEXTS },
      { kind: 'sft', name: 'taught', from: 'random', data: [{ kind: 'corpus' }], training: TEXTS },
      { kind: 'grpo', name: 'reinforced', from: 'random', preset: 'R1-Zero', options: ANSWERS },
      {
        kind: 'reject',
        name: 'kept',
        from: 'random',
        sampling: { problems: 16, samples: 1, max_completion_length: 8 },
      },
      { kind: 'distil', name: 'distilled', from: 'random', teacher: 'pretrained', options: ANSWERS },
    ],
  };
}

const keyOf = ({ task, canonical, question }: Problem) => `${task}:${canonical ?? question}`;

it.each(allTasks().map(({ name }) => name))('%s', async (name) => {
  const task = getTask(name);
  const { generate } = task;
  let numStrays = 0;
  vi.spyOn(task, 'generate').mockImplementation((...given) => {
    if (!door.isOpen) numStrays++;
    return generate(...given);
  });
  const store = memoryPipelineStore();
  const options = { saveEvery: 0 };
  const pipeline = parsePipeline(everyKind(task));
  const runner = await PipelineRunner.begin(runtime(), pipeline, new Map(), store, 'the command', options);
  const trained = new Map<string, Set<string>>();
  const evaluated = new Set<string>();
  while (!runner.isDone) {
    const kind = pipeline.stages[runner.record.done.length]?.kind ?? '';
    const before = door.drawn.length;
    await runner.advance();
    const keys = trained.get(kind) ?? new Set();
    for (const { split, problem } of door.drawn.slice(before))
      (split === 'train' ? keys : evaluated).add(keyOf(problem));
    trained.set(kind, keys);
  }
  expect(evaluated.size).toBeGreaterThan(10);
  for (const [kind, keys] of trained) {
    if (kind !== 'initialize') expect(keys.size, kind).toBeGreaterThan(5);
    expect([...keys].filter((key) => evaluated.has(key))).toEqual([]);
  }
  // Nobody makes a problem in another way, and nothing but the five evaluations asks for held-out ones.
  expect(numStrays).toBe(0);
  expect(door.drawn.filter(({ split }) => split === 'held-out')).toHaveLength(5 * PROBLEMS);
});
