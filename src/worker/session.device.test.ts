// The worker's engine without the worker: commands in, events out, on a tiny untrained model.
import 'fake-indexeddb/auto';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { StorageUnavailableError } from '../storage/errors';
import { memorySlots } from '../storage/memorySlots';
import { HOST, nextOf, openSession, QUESTION, SETTINGS, tinyModel, value } from '../testing/tinySession';
import { createEngineSession } from './session';

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

  it('goes on from the tokens that an answer is to begin with, as from its own', async () => {
    const { session, events } = await openSession(memorySlots());
    value(await session.loadModel(await tinyModel()));
    const request = { ...QUESTION, temperature: 0 };
    const told = async (opening?: readonly number[]) => {
      events.length = 0;
      value(await session.ask({ ...request, ...(opening && { opening }) }));
      await nextOf(events, 'askFinished');
      return events.flatMap((event) => (event.type === 'tokensStreamed' ? event.tokens : []));
    };
    const own = await told();
    const ids = own.map(({ id }) => id);
    const opened = await told(ids.slice(0, 4));
    expect(opened.map(({ id }) => id)).toEqual(ids);
    expect(opened.map(({ forced }) => forced)).toEqual(ids.map((_, place) => (place < 4 ? 'chosen' : undefined)));
    // Another token than its own in the fourth place: it stands there.
    const other = own[3]?.alternatives.find(({ id }) => id !== ids[3])?.id as number;
    const changed = await told([...ids.slice(0, 3), other]);
    expect(changed.slice(0, 4).map(({ id }) => id)).toEqual([...ids.slice(0, 3), other]);
    for (const opening of [[1e6], [-1], [0.5], Array.from({ length: 500 }, () => other)]) {
      expect(await session.ask({ ...request, opening })).toMatchObject({ ok: false, error: { code: 'bad_question' } });
    }
    const thinking = { budget: 3, waits: 0 };
    expect(await session.ask({ ...request, opening: [other], thinking })).toMatchObject({ ok: false });
  });

  it('tells what a token of the answer attends to, and refuses tokens and answers that are not there', async () => {
    const { session, events } = await openSession(memorySlots());
    value(await session.loadModel(await tinyModel()));
    value(await session.ask(QUESTION));
    const { askId } = await nextOf(events, 'askFinished');
    const { numPromptTokens } = await nextOf(events, 'askStarted');
    const streamed = events.flatMap((event) => (event.type === 'tokensStreamed' ? event.tokens : []));
    const { tokens, layers, ...read } = value(await session.attention(askId, 0, 2));
    expect(read.numPromptTokens).toBe(numPromptTokens);
    expect(tokens.slice(numPromptTokens)).toEqual(streamed.slice(0, 3).map(({ text }) => text));
    for (const { heads, first } of layers) {
      for (const { weights } of heads) {
        expect(first + weights.length).toBe(tokens.length);
        expect(weights.reduce((sum, one) => sum + one, 0)).toBeCloseTo(1, 9);
      }
    }
    const refused = { ok: false, error: { code: 'bad_question' } };
    expect(await session.attention(askId, 0, streamed.length)).toMatchObject(refused);
    expect(await session.attention(askId, 1, 0)).toMatchObject(refused);
    expect(await session.attention(askId + 1, 0, 0)).toMatchObject(refused);
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

  it('opens also where the browser stores nothing, and says so', async () => {
    vi.stubGlobal('indexedDB', undefined);
    const openSlots = () => Promise.reject(new StorageUnavailableError('checkpoints'));
    const session = createEngineSession({ ...HOST, openSlots });
    const { kept } = value(await session.open(() => {}, 'cpu'));
    expect(kept).toEqual({ records: false, checkpoints: false });
    expect(value(await session.listRuns())).toEqual([]);
  });
});
