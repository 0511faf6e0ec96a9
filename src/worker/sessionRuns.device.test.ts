// Runs as the page starts, leaves and opens them again: the worker's engine without the worker.
import 'fake-indexeddb/auto';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { deviceToTakeAway } from '../device/webgpu/takeAway';
import { unzipSource } from '../formats/huggingface/zipSource';
import type { RunRecord } from '../protocol/protocol';
import { createCheckpoints } from '../storage/checkpoints';
import { type Medium, memorySlots, plainMedium } from '../storage/memorySlots';
import { createRunLocks } from '../storage/runLocks';
import { openRunStore } from '../storage/runs';
import { expectClose } from '../testing/close';
import { memoryLocks } from '../testing/memoryLocks';
import { nextOf, type Opened, openSession, SETTINGS, tinyModel, value } from '../testing/tinySession';
import { grpoConfig } from '../trainer/grpo/grpoConfig';

beforeEach(() => {
  vi.unstubAllGlobals();
  vi.stubGlobal('fetch', async () => new Response('[]'));
});

describe('an answer that is read again', () => {
  it('has the log-probabilities of the weights as they are now, and of those that wrote it', async () => {
    const { session } = await openSession(memorySlots());
    value(await session.loadModel(await tinyModel()));
    // The bonus moves the weights, whatever the answers earn.
    const config = grpoConfig({ ...SETTINGS.config, entropy_coef: 0.1 });
    const run = value(await session.startRun({ ...SETTINGS, config }, true));
    value(await session.stepRun());
    const [group] = value(await session.rollouts(run.id, 1));
    const wrote = group?.members[1]?.tokens.map(({ logp }) => logp) ?? [];
    const { logps, refLogps, entropies } = value(await session.readAgain(run.id, 1, 0, 1));
    expectClose(refLogps ?? [], wrote, {
      absolute: 1e-4,
      because: 'f32; the reference is the model of the first step',
    });
    expect(entropies).toHaveLength(wrote.length);
    expect(entropies.every((entropy) => entropy >= 0)).toBe(true);
    expect(Math.max(...logps.map((logp, t) => Math.abs(logp - (wrote[t] ?? 0))))).toBeGreaterThan(1e-4);
    expect(logps.every((logp) => logp <= 0)).toBe(true);
    value(await session.stepRun());
    for (const [runId, step, of, member] of [
      [run.id, 1, 0, 1],
      [run.id, 2, 9, 0],
      [run.id, 2, 0, 9],
      ['another', 2, 0, 0],
    ] as const) {
      expect(await session.readAgain(runId, step, of, member)).toMatchObject({ ok: false, error: { code: 'not_now' } });
    }
  });
});

describe('runs of an engine session', () => {
  it('a run that is opened again in another session ends in the same bits as one that was never interrupted', async () => {
    const whole = await openSession(memorySlots());
    value(await whole.session.loadModel(await tinyModel()));
    value(await whole.session.startRun(SETTINGS, true));
    for (let step = 0; step < 3; step++) value(await whole.session.stepRun());
    const expected = value(await whole.session.exportModel());

    const slots = memorySlots();
    const before = await openSession(slots);
    value(await before.session.loadModel(await tinyModel()));
    const run = value(await before.session.startRun(SETTINGS, true));
    for (let step = 0; step < 2; step++) value(await before.session.stepRun());

    const after = await openSession(slots);
    const opened = value(await after.session.openRun(run.id));
    expect(opened.run).toMatchObject({ step: 2, status: 'paused' });
    expect(opened.steps.map((step) => step.step)).toEqual([0, 1, 2]);
    const last = value(await after.session.stepRun());
    expect(last).toMatchObject({ step: 3, status: 'finished' });
    const weights = (zip: Uint8Array) => unzipSource('export', zip).read('model.safetensors');
    expect(await weights(value(await after.session.exportModel()))).toEqual(await weights(expected));

    const groups = value(await after.session.rollouts(run.id, 3));
    expect(groups.map((group) => group.members.length)).toEqual([2, 2]);
    await vi.waitUntil(() =>
      after.events.some((event) => event.type === 'runChanged' && event.run.status === 'finished'),
    );
    after.events.length = 0;
    const compared = value(await after.session.beforeAfter(4, 1));
    if (compared === null) throw new Error('Nobody stopped it.');
    await vi.waitUntil(() =>
      after.events.some((event) => event.type === 'comparisonProgressed' && event.done === event.total),
    );
    // Of the run, which has finished, nothing is told.
    expect(new Set(after.events.map(({ type }) => type))).toEqual(new Set(['comparisonProgressed']));
    expect(after.events.at(-1)).toMatchObject({ runId: run.id, done: 8, total: 8 });
    const stopped = after.session.beforeAfter(4, 1);
    await after.session.stopBeforeAfter();
    expect(value(await stopped)).toBeNull();
    expect(compared.pairs).toHaveLength(4);
    expect(compared.gradedBy).toBe('terms');
    expect(compared.pairs.every(({ grade }) => grade === 2)).toBe(true);
    for (const { before, after, firstDifference: at } of compared.pairs) {
      expect(before.text.slice(0, Math.max(0, at))).toBe(after.text.slice(0, Math.max(0, at)));
      if (at < 0) expect(before.text).toBe(after.text);
      else expect(before.differing).not.toBe(after.differing);
      for (const { text, differing = '' } of [before, after]) expect(text.slice(Math.max(0, at))).toContain(differing);
    }
  });

  it('on a full disk a run goes on and says so; what was saved last is offered, and once damaged, refused', async () => {
    let isFull = false;
    const media: Medium[] = [];
    const slots = memorySlots(() => {
      const medium = plainMedium();
      media.push(medium);
      return { ...medium, write: (from, at) => (isFull ? 0 : medium.write(from, at)) };
    });
    const there = await openSession(slots);
    value(await there.session.loadModel(await tinyModel()));
    const run = value(await there.session.startRun(SETTINGS, true));
    value(await there.session.stepRun());
    isFull = true;
    expect(value(await there.session.stepRun())).toMatchObject({ step: 2, status: 'paused' });
    expect(await nextOf(there.events, 'saveFailed')).toMatchObject({ error: { code: 'storage_full' } });
    expect(there.events.some(({ type }) => type === 'runFailed')).toBe(false);
    const listed = async ({ session }: Opened) => value(await session.listRuns()).find(({ id }) => id === run.id);
    expect(await listed(there)).toMatchObject({ step: 2, savedStep: 1 });

    const here = await openSession(slots);
    expect(await listed(here)).toMatchObject({ step: 2, savedStep: 1 });
    for (const medium of media) medium.write(Uint8Array.of(255, 255), 200);
    expect(await here.session.openRun(run.id)).toMatchObject({ ok: false, error: { code: 'checkpoint_damaged' } });
    for (const medium of media) medium.write(new Uint8Array(128), 0);
    expect((await listed(here))?.savedStep).toBeUndefined();
  });

  it('saves while it trains when asked to, though it would not be due; and tells of a device that was destroyed', async () => {
    const { openDevice, takeAway } = deviceToTakeAway();
    const { session, events } = await openSession(memorySlots(), createRunLocks(undefined), openDevice);
    value(await session.loadModel(await tinyModel()));
    const config = grpoConfig({ ...SETTINGS.config, max_steps: 400 });
    const run = value(await session.startRun({ ...SETTINGS, config, evalEvery: 0, checkpointEvery: 400 }));
    const saved = () => events.flatMap((event) => (event.type === 'checkpointSaved' ? event.step : []));
    await vi.waitUntil(() => events.some((event) => event.type === 'stepFinished' && event.step.step >= 2), {
      timeout: 60_000,
    });
    const before = saved().length;
    await session.saveRun();
    await vi.waitUntil(() => saved().length > before, { timeout: 60_000 });
    takeAway();
    expect(await nextOf(events, 'deviceLost')).toMatchObject({ error: { code: 'device_lost' } });
    expect(await nextOf(events, 'runFailed')).toMatchObject({ runId: run.id, error: { code: 'device_lost' } });
    const step = saved().at(-1);
    expect(step).toBeGreaterThanOrEqual(2);
    expect(value(await session.listRuns())[0]).toMatchObject({ status: 'failed', savedStep: step });
  });

  it('a run that another tab has is only looked at, until that tab gives it back', async () => {
    const [slots, browser] = [memorySlots(), memoryLocks()];
    const there = await openSession(slots, createRunLocks(browser));
    value(await there.session.loadModel(await tinyModel()));
    const run = value(await there.session.startRun(SETTINGS, true));
    value(await there.session.stepRun());

    const here = await openSession(slots, createRunLocks(browser));
    value(await here.session.loadModel(await tinyModel()));
    const listed = async ({ session }: Opened) => value(await session.listRuns()).find(({ id }) => id === run.id);
    expect(await listed(here)).toMatchObject({ isElsewhere: true });
    expect(await listed(there)).toMatchObject({ isElsewhere: false });
    const seen = value(await here.session.openRun(run.id));
    expect(seen).toMatchObject({ isElsewhere: true, run: { step: 1 } });
    expect(seen.steps.map(({ step }) => step)).toEqual([0, 1]);
    expect(value(await here.session.modelInfo()).name).toBe('tiny');
    expect((await here.session.stepRun()).ok).toBe(false);
    expect(await here.session.deleteRun(run.id)).toMatchObject({ ok: false, error: { code: 'run_elsewhere' } });

    value(await there.session.stepRun());
    value(await there.session.loadModel(await tinyModel()));
    const opened = value(await here.session.openRun(run.id));
    expect(opened).toMatchObject({ isElsewhere: false, run: { step: 2, status: 'paused' } });
    expect(value(await here.session.stepRun())).toMatchObject({ step: 3, status: 'finished' });
  });

  it('a model keeps a short name through many runs; each run remembers what it came from', async () => {
    const { session } = await openSession(memorySlots());
    value(await session.loadModel(await tinyModel()));
    const names: string[] = [];
    for (let count = 0; count < 3; count++) {
      const run = value(await session.startRun(SETTINGS, true));
      expect(run).toMatchObject({ baseModel: 'tiny', parents: names });
      names.push(run.name);
      expect(value(await session.modelInfo())).toMatchObject({ name: `tiny · ${run.name}`, runs: names });
    }
    value(await session.loadModel(await tinyModel()));
    expect(value(await session.modelInfo())).toMatchObject({ name: 'tiny', runs: [] });
  });

  it('a run’s model has a card of its own, in the page, zip and checkpoint, and so has what is trained from it', async () => {
    const { session } = await openSession(memorySlots());
    const before = value(await session.loadModel(await tinyModel('# tiny\n\nWhat it came with.\n')));
    expect(before.readme).toContain('What it came with.');
    const run = value(await session.startRun(SETTINGS, true));
    for (let step = 0; step < 2; step++) value(await session.stepRun());
    const card = value(await session.modelInfo()).readme ?? '';
    expect(card).not.toContain('What it came with.');
    expect(card).toContain(`# tiny · ${run.name}\n`);
    expect(card).toContain('trained_from: tiny\n');
    expect(card).toContain(`| steps | 2 of 3 |`);
    expect(card).toMatch(new RegExp(`accuracy on ${SETTINGS.evalProblems} problems \\| \\d\\.\\d{3} \\(\\d`));
    expect(card).toContain(`"learning_rate": ${SETTINGS.config.learning_rate}`);
    const zip = unzipSource('export', value(await session.exportModel()));
    expect(new TextDecoder().decode(await zip.read('README.md'))).toBe(card);
    const inFp8 = unzipSource('export', value(await session.exportModel('fp8')));
    const config = new TextDecoder().decode(await inFp8.read('config.json'));
    expect(JSON.parse(config).quantization_config.quant_method).toBe('fp8');

    value(await session.startRun(SETTINGS, true));
    expect(value(await session.modelInfo()).readme).toContain(`trained_from: tiny-${run.name}\n`);
    expect(value(await session.loadModel({ kind: 'run', runId: run.id })).readme).toBe(card);
    expect(value(await session.loadModel(await tinyModel())).readme).toBeUndefined();
  });

  it('a run goes back to the checkpoint up to a step, forgets what came after it, and says where there is none', async () => {
    const slots = memorySlots();
    const before = await openSession(slots);
    value(await before.session.loadModel(await tinyModel()));
    const run = value(await before.session.startRun(SETTINGS, true));
    for (let step = 0; step < 2; step++) value(await before.session.stepRun());
    const { session } = await openSession(slots);
    expect(value(await session.openRun(run.id))).toMatchObject({ run: { step: 2 }, olderStep: 1 });
    const back = value(await session.openRun(run.id, 1));
    expect(back.run).toMatchObject({ step: 1, status: 'paused' });
    expect(back.steps.map(({ step }) => step)).toEqual([0, 1]);
    expect(await session.openRun(run.id, 0)).toMatchObject({ ok: false, error: { code: 'no_checkpoint_before' } });
    expect(value(await session.openRun(run.id)).run.step).toBe(1);
    expect(value(await session.stepRun())).toMatchObject({ step: 2 });
  });

  it('collects on opening the checkpoints of runs and pipelines that are gone, and no others', async () => {
    const slots = memorySlots();
    const checkpoints = createCheckpoints(slots);
    // Also a record that this version cannot read is a run.
    await (await openRunStore()).putRun({ id: 'kept' } as RunRecord);
    for (const id of ['kept', 'a-run-that-is-gone', 'pipeline_gone_stage'])
      await checkpoints.saveCheckpoint(id, { step: 1, meta: null, payload: [] });
    await openSession(slots);
    await vi.waitUntil(async () => (await checkpoints.listCheckpoints()).length === 1);
    expect(await checkpoints.listCheckpoints()).toEqual(['kept']);
  });

  it('an answer longer than the model has positions for is refused, and nothing of the run is kept', async () => {
    const { session } = await openSession(memorySlots());
    value(await session.loadModel(await tinyModel()));
    const before = value(await session.listRuns()).length;
    const { gpuBytes } = value(await session.modelInfo());
    const config = grpoConfig({ ...SETTINGS.config, max_completion_length: 4096 });
    expect(await session.startRun({ ...SETTINGS, config }, true)).toMatchObject({
      ok: false,
      error: { code: 'completion_too_long' },
    });
    expect(value(await session.listRuns())).toHaveLength(before);
    expect(value(await session.modelInfo()).gpuBytes).toBe(gpuBytes);
  });
});
