// The worker's engine without the worker: commands in, events out, on a tiny untrained model.
import 'fake-indexeddb/auto';
import * as v from 'valibot';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { OpenDevice } from '../device/contract';
import { openInNode } from '../device/webgpu/nodeGpu';
import { deviceToTakeAway } from '../device/webgpu/takeAway';
import { DEFAULT_GENERATION } from '../formats/huggingface/generationConfig';
import { writeFolder } from '../formats/huggingface/writeFolder';
import { unzipSource } from '../formats/huggingface/zipSource';
import { createNodeSandbox } from '../sandbox/nodeSandbox';
import { createCheckpoints } from '../storage/checkpoints';
import { StorageUnavailableError } from '../storage/errors';
import { type Medium, memorySlots, plainMedium } from '../storage/memorySlots';
import { createRunLocks } from '../storage/runLocks';
import { openRunStore } from '../storage/runs';
import type { SlotFolder } from '../storage/slotFile';
import { memoryLocks } from '../testing/memoryLocks';
import { tokenizerFiles } from '../tokenizer/files';
import { createTokenizer } from '../tokenizer/tokenizer';
import { grpoConfig } from '../trainer/grpoConfig';
import { initialFolder, pretrainRecipeSchema } from '../trainer/pretrain';
import type { AskRequest, EngineEvent, ModelSource, Result, RunRecord, RunSettings } from './protocol';
import { EngineSession } from './session';

const MODEL = {
  hidden_size: 16,
  num_hidden_layers: 1,
  num_attention_heads: 2,
  moe_intermediate_size: 8,
  kv_lora_rank: 8,
};

const SETTINGS: RunSettings = {
  task: 'chained_sums',
  difficulty: { min_terms: 2, max_terms: 2 },
  preset: 'R1-Zero',
  config: grpoConfig({
    num_prompts: 2,
    num_generations: 2,
    max_completion_length: 8,
    max_steps: 3,
    learning_rate: 1e-3,
    beta: 0.01,
    reward_weights: { accuracy: 1, format: 1, soft_overlong: 1 },
  }),
  evalProblems: 4,
  evalEvery: 2,
  checkpointEvery: 1,
};

const QUESTION: AskRequest = {
  question: '1 + 2',
  temperature: 1,
  topP: 1,
  topK: 0,
  seed: 5,
  maxTokens: 12,
  samples: 1,
  thinking: null,
};

/** @param maxNewTokens its longest answer, by its generation_config.json. */
async function tinyModel(readme?: string, maxNewTokens = 96): Promise<ModelSource> {
  const recipe = v.parse(pretrainRecipeSchema, {
    name: 'tiny',
    seed: 3,
    preset: 'nano',
    model: MODEL,
    task: 'chained_sums',
    steps: 1,
    tokens_per_step: 64,
    learning_rate: 1e-3,
  });
  const folder = initialFolder(recipe);
  const generation = { ...DEFAULT_GENERATION, maxNewTokens };
  const files = await writeFolder(
    { ...folder, generation, readme },
    tokenizerFiles(createTokenizer(folder.tokenizerJson)),
  );
  return { kind: 'files', name: 'tiny', files: [...files].map(([name, bytes]) => ({ name, bytes })) };
}

function value<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(`${result.error.code}: ${result.error.userMessage}`);
  return result.value;
}

interface Opened {
  readonly session: EngineSession;
  readonly events: EngineEvent[];
}

async function openSession(
  slots: SlotFolder,
  locks = createRunLocks(undefined),
  openDevice: OpenDevice = openInNode,
): Promise<Opened> {
  const events: EngineEvent[] = [];
  const base = new URL('http://localhost/');
  const session = new EngineSession(openDevice, base, async () => slots, locks, createNodeSandbox());
  value(await session.open((batch) => events.push(...batch)));
  return { session, events };
}

async function nextOf<T extends EngineEvent['type']>(
  events: EngineEvent[],
  type: T,
): Promise<Extract<EngineEvent, { type: T }>> {
  return vi.waitUntil(() => events.find((event) => event.type === type), { timeout: 60_000 }) as Promise<
    Extract<EngineEvent, { type: T }>
  >;
}

beforeEach(() => {
  vi.unstubAllGlobals();
  vi.stubGlobal('fetch', async () => new Response('[]'));
});

describe('an engine session', () => {
  it('answers a question token by token and says what it did', async () => {
    const { session, events } = await openSession(memorySlots());
    const model = value(await session.loadModel(await tinyModel()));
    expect(model.numParameters).toBeGreaterThan(1000);
    const request = QUESTION;
    value(await session.ask(request));
    const { expertLoad } = await nextOf(events, 'askFinished');
    const { summary } = await nextOf(events, 'answerEnded');
    const { numPromptTokens } = await nextOf(events, 'askStarted');
    const streamed = events.flatMap((event) => (event.type === 'tokensStreamed' ? event.tokens : []));
    expect(streamed.length).toBe(summary.numTokens);
    expect(streamed.every((token) => token.probability > 0 && token.alternatives.length > 1)).toBe(true);
    expect(summary.verdict?.expected).toBe('3');
    // Prompt tokens but the last, then one token a step: each goes to two experts.
    const routed = expertLoad[0]?.counts.reduce((sum, count) => sum + count, 0) ?? 0;
    expect(routed).toBeGreaterThanOrEqual(2 * (numPromptTokens - 1 + summary.numTokens));
  });

  it('answers several times at once, each as it would alone, with the thinking cut', async () => {
    const { session, events } = await openSession(memorySlots());
    value(await session.loadModel(await tinyModel()));
    const thinking = { budget: 3, waits: 0 };
    const request = { ...QUESTION, maxTokens: 32, thinking };
    const told = async (samples: number) => {
      events.length = 0;
      value(await session.ask({ ...request, samples }));
      await nextOf(events, 'askFinished');
      const streamed = events.filter((event) => event.type === 'tokensStreamed');
      const ended = events.filter((event) => event.type === 'answerEnded');
      return Array.from({ length: samples }, (_, sample) => ({
        tokens: streamed.filter((event) => event.sample === sample).flatMap((event) => event.tokens),
        summary: ended.find((event) => event.sample === sample)?.summary,
      }));
    };
    const [alone] = await told(1);
    const several = await told(4);
    expect(several[0]?.tokens).toEqual(alone?.tokens);
    for (const { tokens, summary } of several) {
      expect(summary?.numThinkingTokens).toBeLessThanOrEqual(3);
      expect(summary?.numTokens).toBe(tokens.length);
      expect(tokens[0]).toMatchObject({ text: '<think>', forced: 'tag', probability: 1 });
    }
    expect(new Set(several.map(({ summary }) => summary?.completionText)).size).toBeGreaterThan(1);

    const { askId } = await nextOf(events, 'askFinished');
    for (const [sample, { tokens }] of several.entries()) {
      const [layer] = value(await session.expertChoices(askId, sample));
      expect(layer?.tokens).toHaveLength(tokens.length);
      for (const experts of layer?.tokens ?? []) {
        expect(new Set(experts.map(({ expert }) => expert)).size).toBe(2);
        expect(experts.reduce((sum, { weight }) => sum + weight, 0)).toBeCloseTo(1, 5);
      }
    }
    expect(await session.expertChoices(askId - 1, 0)).toMatchObject({ ok: false, error: { code: 'bad_question' } });
    expect(await session.ask({ ...request, samples: 17 })).toMatchObject({
      ok: false,
      error: { code: 'bad_question' },
    });
    expect(await session.ask({ ...request, thinking: { budget: 9, waits: 0 } })).toMatchObject({
      ok: false,
      error: { code: 'bad_thinking_control' },
    });
  });

  it('refuses what it cannot do in words, and goes on', async () => {
    const { session } = await openSession(memorySlots());
    const request = { ...QUESTION, maxTokens: 4 };
    expect(await session.ask(request)).toMatchObject({ ok: false, error: { userMessage: 'No model is loaded.' } });
    value(await session.loadModel(await tinyModel()));
    for (const question of ['', '2 € 2', `${'1+'.repeat(200)}1`]) {
      const refused = await session.ask({ ...request, question });
      expect(refused.ok).toBe(false);
    }
    const broken = await session.loadModel({ kind: 'files', name: 'empty', files: [] });
    expect(broken).toMatchObject({ ok: false, error: { code: 'bad_model_folder' } });
    expect((await session.ask(request)).ok).toBe(true);
    expect(await session.stepRun()).toMatchObject({ ok: false, error: { userMessage: 'There is no run.' } });
  });

  it('tells what a run would take before there is one, and what it was planned to take once there is', async () => {
    const { session } = await openSession(memorySlots());
    const model = value(await session.loadModel(await tinyModel()));
    const need = value(await session.planRun(SETTINGS.config));
    expect(need).toBeGreaterThan(4 * model.sizeBytes);
    expect(value(await session.planRun({ ...SETTINGS.config, num_prompts: 64 }))).toBeGreaterThan(need);
    const wide = { ...model.settings, hidden_size: 2 * Number(model.settings.hidden_size) };
    vi.stubGlobal('fetch', async () => Response.json(wide));
    expect(value(await session.planRun(SETTINGS.config, 'wide'))).toBeGreaterThan(need);
    expect(value(await session.deviceReport()).memory.plannedBytes).toBeUndefined();
    value(await session.startRun(SETTINGS, true));
    value(await session.stepRun());
    // A model that was never trained is right on nothing; trying it leaves the run as it is.
    expect(value(await session.tryStart(SETTINGS))).toEqual({ problems: 16, right: 0 });
    const { heldBytes, plannedBytes } = value(await session.deviceReport()).memory;
    // The plan has no part in the generator of evaluations, which stays.
    expect(heldBytes).toBeGreaterThanOrEqual(plannedBytes as number);
    expect(plannedBytes).toBeGreaterThan(need);
  });

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

  it('measures test-time scaling of models beside the loaded one, and answers questions meanwhile', async () => {
    const { session, events } = await openSession(memorySlots());
    value(await session.loadModel(await tinyModel(undefined, 37)));
    const run = value(await session.startRun(SETTINGS, true));
    const request = {
      models: [{ kind: 'beforeRun', runId: run.id }, { kind: 'loaded' }] as const,
      task: 'chained_sums',
      difficulty: SETTINGS.difficulty,
      numProblems: 2,
      samples: 2,
      controls: [{ budget: 4, waits: 0 }],
      temperature: 1,
      maxTokens: 32,
      seed: 1,
    };
    expect(await session.measureScaling({ ...request, maxTokens: 20 })).toMatchObject({
      ok: false,
      error: { code: 'bad_thinking_control' },
    });
    // Told no length, it takes the models' own.
    const untold = await session.measureScaling({ ...request, maxTokens: null, controls: [{ budget: 999, waits: 0 }] });
    expect(untold).toMatchObject({ ok: false, error: { userMessage: expect.stringContaining('answers of 37') } });
    value(await session.measureScaling(request));
    expect(await session.measureScaling(request)).toMatchObject({ ok: false, error: { code: 'not_now' } });
    value(await session.ask(QUESTION));
    expect(await nextOf(events, 'scalingEnded')).toMatchObject({ isStopped: false });
    const told = events.map(({ type }) => type);
    expect(told).toContain('askFinished');
    expect(told.indexOf('askFinished')).toBeLessThan(told.indexOf('scalingEnded'));
    const measured = events.filter((event) => event.type === 'scalingMeasured');
    const of = (place: number) => measured.filter(({ model }) => model === place).map(({ measure }) => measure);
    expect(of(0)).toHaveLength(2);
    // No step was taken yet: the model before the run is the model now.
    expect(of(0)).toEqual(of(1));

    value(await session.measureScaling(request));
    await session.stopScaling();
    const ends = () => events.filter((event) => event.type === 'scalingEnded');
    await vi.waitUntil(() => ends().length === 2, { timeout: 60_000 });
    expect(ends()[1]).toMatchObject({ isStopped: true });
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
    expect(card).toContain('base_model: tiny\n');
    expect(card).toContain(`| steps | 2 of 3 |`);
    expect(card).toMatch(new RegExp(`accuracy on ${SETTINGS.evalProblems} problems \\| \\d\\.\\d{3} \\(\\d`));
    expect(card).toContain(`"learning_rate": ${SETTINGS.config.learning_rate}`);
    const zip = unzipSource('export', value(await session.exportModel()));
    expect(new TextDecoder().decode(await zip.read('README.md'))).toBe(card);

    value(await session.startRun(SETTINGS, true));
    expect(value(await session.modelInfo()).readme).toContain(`base_model: tiny-${run.name}\n`);
    expect(value(await session.loadModel({ kind: 'run', runId: run.id })).readme).toBe(card);
    expect(value(await session.loadModel(await tinyModel())).readme).toBeUndefined();
  });

  it('opens also where the browser stores nothing, and says so', async () => {
    vi.stubGlobal('indexedDB', undefined);
    const openSlots = () => Promise.reject(new StorageUnavailableError('checkpoints'));
    const session = new EngineSession(
      openInNode,
      new URL('http://localhost/'),
      openSlots,
      createRunLocks(undefined),
      createNodeSandbox(),
    );
    const { kept } = value(await session.open(() => {}));
    expect(kept).toEqual({ records: false, checkpoints: false });
    expect(value(await session.listRuns())).toEqual([]);
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
