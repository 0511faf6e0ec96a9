// A pipeline is a pure function of its data: stopped anywhere, also inside a stage, and resumed, it makes the same weights.
import { describe, expect, it } from 'vitest';
import { parseCompletion } from '../tasks/completion';
import { findProblem, getTask } from '../tasks/registry';
import { isHeldOut } from '../tasks/split';
import type { Problem } from '../tasks/task';
import { memoryPipelineStore } from '../testing/memoryPipelineStore';
import { setUpRuntime } from '../testing/tinyModel';
import { makesModel, type Pipeline, PipelineError } from './pipeline';
import { PipelineRunner } from './pipelineRunner';
import { getPipeline, tinyPipeline } from './ready';
import { readSet } from './setFile';

const runtime = setUpRuntime();
type Store = ReturnType<typeof memoryPipelineStore>;

const OPTIONS = { saveEvery: 0 };
const begin = (pipeline: Pipeline, store: Store) =>
  PipelineRunner.begin(runtime(), pipeline, new Map(), store, 'the command', OPTIONS);

async function finish(runner: PipelineRunner): Promise<void> {
  while (!runner.isDone) await runner.advance();
}

/** Everything a run leaves but its times: weights and sets as bytes, and what was measured. */
function traces(store: Store, { record }: PipelineRunner) {
  const made = [...store.files].filter(([path]) => /safetensors|(set|pairs)\.jsonl/.test(path));
  return { made: new Map(made), done: record.done.map(({ seconds: _, ...rest }) => rest) };
}

async function runWhole(pipeline: Pipeline) {
  const store = memoryPipelineStore();
  const runner = await begin(pipeline, store);
  await finish(runner);
  return { store, runner, ...traces(store, runner) };
}

describe('the pipelines, tiny,', () => {
  it.each(['r1-zero', 'r1', 'distil-or-rl', 'rl-from-random', 'rlhf'] as const)('%s runs end to end', async (name) => {
    const pipeline = tinyPipeline(name);
    const { store, runner } = await runWhole(pipeline);
    expect(runner.record.done.map((done) => done.name)).toEqual(pipeline.stages.map((stage) => stage.name));
    for (const stage of pipeline.stages) {
      if (!makesModel(stage)) continue;
      const done = runner.record.done.find((other) => other.name === stage.name);
      expect(done?.evaluation?.problems).toBe(16);
      expect(store.files.has(`${stage.name}/config.json`)).toBe(true);
      const card = new TextDecoder().decode(store.files.get(`${stage.name}/README.md`));
      expect(card).toContain(`(${stage.kind}) of the pipeline ${pipeline.name}`);
      if (stage.kind !== 'initialize') expect(store.files.has(`${stage.name}/metrics.jsonl`)).toBe(true);
    }
  });

  it('give back all device memory', async () => {
    const { memory } = runtime().device;
    await runWhole(tinyPipeline('r1-zero'));
    const bytes = memory.bytes;
    await runWhole(tinyPipeline('r1-zero'));
    expect(memory.bytes).toBe(bytes);
  });
});

it('tells what a model writes as it learns, and learns no other weights for that', async () => {
  const pipeline = tinyPipeline('r1-zero');
  const watched = { ...pipeline, evaluation: { ...pipeline.evaluation, sample_every: 20 } };
  const [plain, sampled] = [await runWhole(pipeline), await runWhole(watched)];
  expect(sampled.made).toEqual(plain.made);
  const base = sampled.runner.record.done.find(({ name }) => name === 'base');
  const steps = base?.written?.map(({ step }) => step) ?? [];
  expect(steps.length).toBeGreaterThan(1);
  expect(steps).toEqual(steps.map((_, place) => 20 * (place + 1)));
  const [question] = new Set(base?.written?.map((one) => one.question));
  expect(isHeldOut(findProblem(question ?? '') as Problem)).toBe(true);
  expect(new Set(base?.written?.map(({ text }) => text)).size).toBeGreaterThan(1);
});

describe('a pipeline that is stopped and resumed', () => {
  // Every kind of stage is in it.
  const pipeline = tinyPipeline('distil-or-rl');
  let whole: Awaited<ReturnType<typeof runWhole>> | undefined;

  it('makes the same weights bit for bit, wherever it is stopped', async () => {
    whole ??= await runWhole(pipeline);
    const store = memoryPipelineStore();
    let runner = await begin(pipeline, store);
    const stoppedIn = new Set<string>();
    while (!runner.isDone) {
      // Pretraining takes a hundred steps: a few stops in it are enough.
      const { length } = runner.record.done;
      const most = pipeline.stages[length]?.kind === 'pretrain' ? 40 : 1;
      for (let i = 0; i < most && runner.record.done.length === length; i++) await runner.advance();
      await runner.pause();
      for (const { name } of pipeline.stages) if (await store.loadState(name)) stoppedIn.add(name);
      runner = await PipelineRunner.resume(runtime(), store, OPTIONS);
    }
    expect([...stoppedIn]).toEqual(expect.arrayContaining(['base', 'teacher', 'traces', 'taught', 'on-policy']));
    const { made, done } = traces(store, runner);
    expect(done).toEqual(whole.done);
    expect(made).toEqual(whole.made);
  });

  it('loses nothing but the steps since the last save when it ends without a word', async () => {
    whole ??= await runWhole(pipeline);
    const store = memoryPipelineStore();
    const saving = { saveEvery: 1 };
    const saved: string[] = [];
    const watched: typeof store = {
      ...store,
      saveState: (stage, state) => {
        saved.push(`${stage} ${state.step}`);
        return store.saveState(stage, state);
      },
    };
    const runner = await PipelineRunner.begin(runtime(), pipeline, new Map(), watched, 'the command', saving);
    // Into the third stage: the teacher's first step is saved, nothing is told of the end.
    while (runner.record.done.length < 2) await runner.advance();
    await runner.advance();
    await runner.close();
    expect((await store.loadState('teacher'))?.step).toBe(1);
    expect(saved.slice(0, 3)).toEqual(['base 0', 'base 1', 'base 2']);
    expect(saved.slice(-2)).toEqual(['teacher 0', 'teacher 1']);
    const resumed = await PipelineRunner.resume(runtime(), store, OPTIONS);
    await finish(resumed);
    expect(traces(store, resumed)).toEqual({ made: whole.made, done: whole.done });
  });

  it('has each step once in its metrics', async () => {
    const store = memoryPipelineStore();
    const runner = await begin(pipeline, store);
    while (runner.record.done.length < 2) await runner.advance();
    await runner.advance();
    await runner.pause();
    const resumed = await PipelineRunner.resume(runtime(), store, OPTIONS);
    while (resumed.record.done.length < 3) await resumed.advance();
    const lines = new TextDecoder().decode(store.files.get('teacher/metrics.jsonl')).trim().split('\n');
    expect(lines.map((line) => JSON.parse(line).step)).toEqual([1, 2]);
  });

  it('is another run with another seed', async () => {
    whole ??= await runWhole(pipeline);
    const other = await runWhole({ ...pipeline, seed: 1 });
    expect(other.made.get('teacher/model.safetensors')).not.toEqual(whole.made.get('teacher/model.safetensors'));
  });

  it('refuses to begin where one was begun, and to resume where none was', async () => {
    const store = memoryPipelineStore();
    await expect(PipelineRunner.resume(runtime(), store, OPTIONS)).rejects.toThrow(PipelineError);
    await begin(pipeline, store);
    await expect(begin(pipeline, store)).rejects.toThrow(/holds a pipeline already/);
  });

  it('makes just a stage and what that needs, if told so, and the rest later, with the same weights', async () => {
    whole ??= await runWhole(pipeline);
    const store = memoryPipelineStore();
    const only = (stage: string) => ({ ...OPTIONS, only: stage });
    const namesOf = ({ record }: PipelineRunner) => record.done.map(({ name }) => name);
    const first = await PipelineRunner.begin(runtime(), pipeline, new Map(), store, 'the command', only('own-rl'));
    await finish(first);
    // Neither the teacher nor its traces, which come before it.
    expect(namesOf(first)).toEqual(['random', 'base', 'student-random', 'student', 'own-rl']);
    await expect(PipelineRunner.resume(runtime(), store, only('final'))).rejects.toThrow('has no stage final');
    const second = await PipelineRunner.resume(runtime(), store, only('teacher'));
    await second.advance();
    await second.pause();
    const rest = await PipelineRunner.resume(runtime(), store, OPTIONS);
    await finish(rest);
    const { made, done } = traces(store, rest);
    expect(done).toEqual(whole.done);
    expect(made).toEqual(whole.made);
  });

  it('says which model is missing', async () => {
    await expect(begin(getPipeline('r1'), memoryPipelineStore())).rejects.toThrow(/The model base is missing/);
  });
});

it('rejection sampling keeps only verified answers to training problems, and says where they come from', async () => {
  const { store, runner } = await runWhole(tinyPipeline('r1'));
  const pairs = await readSet(store, 'verified');
  const report = runner.record.done.find(({ name }) => name === 'verified')?.rejection;
  expect(pairs.length).toBeGreaterThan(0);
  expect(pairs.length).toBe(report?.kept);
  const dropped = Object.values(report?.dropped ?? {}).reduce((sum, count) => sum + count, 0);
  expect(dropped + pairs.length).toBe(report?.sampled);
  for (const { question, completion, source } of pairs) {
    const problem = findProblem(question);
    if (!problem) throw new Error(`${question} is of no task`);
    const { answer, wellFormed } = parseCompletion(completion);
    expect((await getTask(problem.task).verify(problem, answer, runtime().sandbox)).correct).toBe(true);
    expect(wellFormed).toBe(true);
    expect(completion).not.toMatch(/\p{Script=Han}/u);
    expect(isHeldOut(problem)).toBe(false);
    expect(source).toMatchObject({ model: 'reasoning-rl', task: 'chained_sums' });
  }
  expect(new Set(pairs.map(({ question, completion }) => question + completion)).size).toBe(pairs.length);
});
