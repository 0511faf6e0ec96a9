// Pipelines as the page drives them: begun, stopped, gone on with by another page, failed for want of room, deleted.
import 'fake-indexeddb/auto';
import { IDBFactory } from 'fake-indexeddb';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { readFolder } from '../formats/huggingface/readFolder';
import { unzipSource } from '../formats/huggingface/zipSource';
import type { EngineEvent, PipelineRun } from '../protocol/protocol';
import { parsePipelineFile } from '../runs/pipeline';
import { getPipeline } from '../runs/ready';
import { createCheckpoints } from '../storage/checkpoints';
import { StorageFullError } from '../storage/errors';
import { memorySlots } from '../storage/memorySlots';
import { createRunLocks } from '../storage/runLocks';
import type { SlotFolder } from '../storage/slotFile';
import { openStoredFiles } from '../storage/storedFiles';
import { memoryLocks } from '../testing/memoryLocks';
import { setUpRuntime } from '../testing/tinyModel';
import { Lane } from './lane';
import { PipelineSession } from './pipelineSession';
import { createPipelineShelf, type PipelineShelf } from './pipelineShelf';

const runtime = setUpRuntime();
/** The quickest: random weights, and two steps of GRPO. */
const NAME = 'rl-from-random-mini';
const STAGE = 'zero';

beforeEach(() => {
  globalThis.indexedDB = new IDBFactory();
});

interface Page {
  readonly session: PipelineSession;
  readonly lane: Lane;
  readonly events: EngineEvent[];
  /** Called with each event as it is told. */
  onEvent: (event: EngineEvent) => void;
  /** Resolves with the run once it rests. */
  rest(): Promise<PipelineRun>;
}

/** What a page of one browser has: its own lane and events, the browser's storage and locks. */
async function openPage(
  slots: SlotFolder,
  locks = createRunLocks(undefined),
  change: (shelf: PipelineShelf) => PipelineShelf = (shelf) => shelf,
): Promise<Page> {
  const events: EngineEvent[] = [];
  const lane = new Lane();
  const session = new PipelineSession({
    lane,
    locks,
    shelf: change(createPipelineShelf(await openStoredFiles('pipelines'), createCheckpoints(slots))),
    runtime,
    listInputs: async () => ['base'],
    readInput: async (name) => {
      throw new Error(`${NAME} has no input, and none was asked for: ${name}`);
    },
    emit: (event) => {
      events.push(event);
      page.onEvent(event);
    },
  });
  const rest = () =>
    vi.waitUntil(
      () => {
        const last = events.findLast((event) => event.type === 'pipelineChanged');
        return last && last.run.status !== 'running' && session.running === undefined ? last.run : undefined;
      },
      { timeout: 120_000 },
    );
  const page: Page = { session, lane, events, rest, onEvent: () => {} };
  return page;
}

const withoutTimes = ({ done }: PipelineRun) => done.map(({ seconds: _, ...rest }) => rest);
const bytesOf = async ({ session }: Page) =>
  unzipSource('zip', await session.zip(NAME, STAGE)).read('model.safetensors');

/** Stops as soon as a step of the stage was taken. */
async function stopInside(page: Page): Promise<PipelineRun> {
  page.onEvent = (event) => {
    if (event.type === 'stageStepped') void page.session.stop();
  };
  await page.session.run(NAME);
  return page.rest();
}

describe('a pipeline of the page', () => {
  it('that was stopped inside a stage and gone on with by the next page ends as one that was not', async () => {
    const whole = await openPage(memorySlots());
    await whole.session.run(NAME);
    const uninterrupted = await whole.rest();
    expect(uninterrupted).toMatchObject({ status: 'finished', done: [{ name: 'random' }, { name: STAGE, steps: 2 }] });
    const weights = await bytesOf(whole);
    await whole.session.delete(NAME);

    const slots = memorySlots();
    const stopped = await stopInside(await openPage(slots));
    expect(stopped).toMatchObject({ status: 'stopped', done: [{ name: 'random' }] });
    expect(await slots.list()).toEqual([`pipeline_${NAME}_${STAGE}`]);

    const next = await openPage(slots);
    expect(await next.session.list()).toMatchObject([{ pipeline: { name: NAME }, status: 'stopped' }]);
    expect((await next.session.steps(NAME, STAGE)).map(({ step }) => step)).toEqual([1]);
    await next.session.run(NAME);
    const finished = await next.rest();
    expect(withoutTimes(finished)).toEqual(withoutTimes(uninterrupted));
    expect(await bytesOf(next)).toEqual(weights);
    const steps = await next.session.steps(NAME, STAGE);
    // Why it fails: groups of equals, from the first step to the last.
    expect(steps.map(({ step, metrics }) => [step, metrics.frac_reward_zero_std])).toEqual([
      [1, 1],
      [2, 1],
    ]);
    expect(await slots.list()).toEqual([]);
  });

  it('tells of each step how far the stage is, and ends at all of it', async () => {
    const page = await openPage(memorySlots());
    await page.session.run(NAME);
    await page.rest();
    const progress = page.events.flatMap((event) => (event.type === 'pipelineProgressed' ? [event.progress] : []));
    const steps = progress.filter(({ name, phase }) => name === STAGE && phase === 'training');
    expect(steps.map(({ done, total, share }) => [done, total, share])).toEqual([
      [0, 2, 0],
      [1, 2, 0.5],
      [2, 2, 1],
    ]);
    expect(steps[1]?.leftMs).toBeGreaterThan(0);
    expect(steps[2]?.leftMs).toBe(0);
    expect(progress.at(-1)).toMatchObject({ phase: 'measuring', done: 16, total: 16 });
  });

  it('has checkpoints that are Hugging Face folders, and none of another name', async () => {
    const page = await openPage(memorySlots());
    await page.session.run(NAME);
    await page.rest();
    const source = await page.session.source(NAME, 'random');
    expect(source.name).toBe(`${NAME}/random`);
    expect((await readFolder(source)).description.family).toBe('deepseek_v3');
    await expect(page.session.source(NAME, 'base')).rejects.toThrow(`${NAME} has no base here.`);
  });

  it('is one tab’s at a time', async () => {
    const [locks, slots] = [createRunLocks(memoryLocks()), memorySlots()];
    const [mine, other] = [await openPage(slots, locks), await openPage(slots, locks)];
    let goOn = () => {};
    void mine.lane.run(() => new Promise<void>((resolve) => (goOn = resolve)));
    const begun = mine.session.run(NAME);
    await vi.waitUntil(async () => (await locks.listTaken()).size > 0);
    await expect(mine.session.run('r1-mini')).rejects.toThrow(`${NAME} is running.`);
    await expect(mine.session.delete(NAME)).rejects.toThrow(`${NAME} is running.`);
    await expect(other.session.run(NAME)).rejects.toThrow('is open in another tab');
    await expect(other.session.delete(NAME)).rejects.toThrow('is open in another tab');
    goOn();
    await begun;
    expect(await other.session.list()).toMatchObject([{ isElsewhere: true }]);
    await mine.rest();
    expect(await other.session.list()).toMatchObject([{ isElsewhere: false, status: 'finished' }]);
    await other.session.delete(NAME);
    expect(await other.session.list()).toEqual([]);
    expect(await slots.list()).toEqual([]);
  });

  it('for which there is no room fails in words, keeps what was done, frees its memory, and can be gone on with', async () => {
    let isFull = false;
    const slots = memorySlots();
    const page = await openPage(slots, createRunLocks(undefined), (shelf) => ({
      ...shelf,
      storeOf: (name) => {
        const store = shelf.storeOf(name);
        const write: typeof store.write = async (path, bytes) => {
          if (isFull) throw new StorageFullError('the pipeline');
          return store.write(path, bytes);
        };
        return { ...store, write };
      },
    }));
    const { memory } = runtime().device;
    const before = memory.bytes;
    page.onEvent = (event) => {
      if (event.type === 'stageStepped') isFull = true;
    };
    await page.session.run(NAME);
    const failed = await page.rest();
    expect(failed).toMatchObject({
      status: 'failed',
      problem: { code: 'storage_full' },
      done: [{ name: 'random' }],
    });
    await vi.waitUntil(() => memory.bytes === before);
    isFull = false;
    page.onEvent = () => {};
    page.events.length = 0;
    await page.session.run(NAME);
    expect(await page.rest()).toMatchObject({ status: 'finished' });
  });

  it('from a file is kept until it is run, runs, and is given as the same file', async () => {
    const page = await openPage(memorySlots());
    const mine = { ...getPipeline('rl-from-random', true), name: 'mine' };
    expect(await page.session.open(JSON.stringify(mine), 'mine.json')).toMatchObject({ status: 'new', next: 'random' });
    const next = await openPage(memorySlots());
    expect(await next.session.list()).toMatchObject([{ pipeline: { name: 'mine' }, status: 'new', done: [] }]);
    await next.session.run('mine', 'random');
    expect(await next.rest()).toMatchObject({ status: 'stopped', done: [{ name: 'random' }], next: STAGE });
    expect(parsePipelineFile(await next.session.file('mine'), 'mine.json')).toEqual(mine);
    expect(parsePipelineFile(await next.session.file('r1'), 'r1.json')).toEqual(getPipeline('r1'));
    await next.session.delete('mine');
    expect(await next.session.list()).toEqual([]);
  });

  it('from a file is refused where it could not be run, or would take another’s name', async () => {
    const { session } = await openPage(memorySlots());
    const ready = getPipeline('rl-from-random', true);
    const open = (changes: object) => session.open(JSON.stringify({ ...ready, ...changes }), 'a.json');
    await expect(session.open('{', 'a.json')).rejects.toThrow('a.json is not JSON');
    await expect(open({ name: 'My pipeline' })).rejects.toThrow("The pipeline's name is");
    await expect(open({ seed: 1 })).rejects.toThrow(`A pipeline that comes with the page is named ${NAME}.`);
    await expect(open({ name: 'mine', inputs: ['v3'] })).rejects.toThrow('starts from the model v3');
    expect(await open({})).toMatchObject({ status: 'new', pipeline: { name: NAME } });
    await session.run((await open({ name: 'mine' })).pipeline.name);
    expect(await open({ name: 'mine' })).toMatchObject({ status: 'running' });
    await expect(open({ name: 'mine', seed: 1 })).rejects.toThrow('A pipeline named mine was begun here already.');
    await session.stop();
    expect((await session.list()).map(({ pipeline }) => pipeline.name)).toEqual(['mine']);
  });

  it('whose record cannot be read stands in the list to be deleted', async () => {
    const page = await openPage(memorySlots());
    await (await openStoredFiles('pipelines')).write('r1', 'pipeline.json', new TextEncoder().encode('{"version": 0}'));
    expect(await page.session.list()).toMatchObject([
      { pipeline: { name: 'r1' }, status: 'failed', problem: { code: 'bad_pipeline' } },
    ]);
    await expect(page.session.run('r1')).rejects.toThrow('is not the record of a pipeline');
    expect(page.session.running).toBeUndefined();
    await page.session.delete('r1');
    expect(await page.session.list()).toEqual([]);
  });
});
