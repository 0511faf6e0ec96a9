import { describe, expect, it, vi } from 'vitest';
import type { DeviceInfo, EngineApi, ModelInfo, Result } from '../protocol/protocol';
import { CATALOGUE, MODEL } from '../testing/madeUp';
import {
  deferred,
  memoryStorage,
  ok,
  openStubSession,
  refused,
  settle,
  stubEngine,
  stubSession,
} from '../testing/stubEngine';
import { PreferenceStore } from './preferences';
import { Session } from './session';

const named = (name: string): ModelInfo => ({ ...MODEL, name });
const nameOf: EngineApi['loadModel'] = async (source) => ok(named(source.kind === 'shipped' ? source.id : source.kind));
/** An engine with the models that come with the page. */
const withModels = (loadModel: EngineApi['loadModel']) => stubSession({ open: async () => ok(CATALOGUE), loadModel });

describe('opening the engine', () => {
  it('loads the model to look at first', async () => {
    const { session } = withModels(nameOf);
    await session.openEngine();
    await settle();
    expect(session.useSession.getState()).toMatchObject({ status: 'ready', model: { name: 'r1' }, loading: undefined });
  });

  it('loads the model that the reader chose last', async () => {
    const { session, preferences } = withModels(nameOf);
    preferences.setPreferences({ model: 'base' });
    await session.openEngine();
    await settle();
    expect(session.useSession.getState().model?.name).toBe('base');
  });

  it.each([
    ['what the reader chose last', undefined, 'cpu'],
    ['what the address asks for, before that', 'gpu', 'gpu'],
  ] as const)('computes on %s', async (_, asked, wish) => {
    const open = vi.fn<EngineApi['open']>(async () => ok({ ...CATALOGUE, models: [] }));
    const preferences = new PreferenceStore(memoryStorage);
    preferences.setPreferences({ device: 'cpu' });
    const startEngine = async () => ({ api: stubEngine({ open }).api, terminate: () => {} });
    const session = new Session({ startEngine, askedDevice: asked, preferences });
    await session.openEngine();
    expect(open).toHaveBeenCalledExactlyOnceWith(expect.any(Function), wish);
  });

  it.each([
    ['refuses', async () => refused('device')],
    ['breaks', () => Promise.reject(new Error('No device.'))],
  ])('ends an engine that %s, and says why, here and at every command', async (_, open) => {
    const { session, counts } = stubSession({ open: open as EngineApi['open'] });
    await session.openEngine();
    expect(session.useSession.getState()).toMatchObject({ status: 'unavailable' });
    expect(counts).toEqual({ started: 1, ended: 1 });
    const call = await session.callEngine((api) => api.listRuns());
    expect(call).toMatchObject({ ok: false, error: { userMessage: 'No device.' } });
  });
});

describe('a command', () => {
  it('without an engine says so', async () => {
    const call = await stubSession().session.callEngine((api) => api.listRuns());
    expect(call).toMatchObject({ ok: false, error: { code: 'no_engine' } });
  });

  it('that breaks comes back as a problem', async () => {
    const { session } = await openStubSession({ listRuns: () => Promise.reject(new Error('Broken.')) });
    const call = await session.callEngine((api) => api.listRuns());
    expect(call).toMatchObject({ ok: false, error: { userMessage: 'Broken.' } });
  });
});

describe('a model', () => {
  it('that cannot be loaded says why and leaves the one before', async () => {
    const loads: EngineApi['loadModel'] = async (source) =>
      source.kind === 'files' ? refused('config') : nameOf(source);
    const { session } = await openStubSession({ loadModel: loads });
    await session.loadModel({ kind: 'shipped', id: 'base' });
    await session.loadModel({ kind: 'files', name: 'mine', files: [] });
    expect(session.useSession.getState()).toMatchObject({
      model: { name: 'base' },
      modelProblem: { userMessage: 'No config.' },
      loading: undefined,
    });
    await session.loadModel({ kind: 'shipped', id: 'r1' });
    expect(session.useSession.getState()).toMatchObject({ model: { name: 'r1' }, modelProblem: undefined });
  });

  it('on its way is waited for, not loaded twice', async () => {
    const load = deferred<Result<ModelInfo>>();
    const loadModel = vi.fn(() => load.promise);
    const { session } = withModels(loadModel);
    await session.openEngine();
    const required = session.requireModel();
    load.resolve(ok(named('r1')));
    expect(await required).toMatchObject({ ok: true, value: { name: 'r1' } });
    expect(loadModel).toHaveBeenCalledTimes(1);
  });

  it('is loaded when it is needed, and where there is none that is said', async () => {
    const { session } = await openStubSession();
    expect(await session.requireModel()).toMatchObject({ ok: false, error: { code: 'no_model' } });
    const large = CATALOGUE.models.map((model) => ({ ...model, sizeBytes: 2 ** 30 }));
    const loadModel = vi.fn(nameOf);
    const other = stubSession({ open: async () => ok({ ...CATALOGUE, models: large }), loadModel });
    await other.session.openEngine();
    expect(loadModel).not.toHaveBeenCalled();
    expect(await other.session.requireModel()).toMatchObject({ ok: true, value: { name: 'r1' } });
  });
});

describe('an engine that is opened again', () => {
  it('is another one, with the model that it had', async () => {
    const { session, counts } = withModels(nameOf);
    await session.openEngine();
    await session.loadModel({ kind: 'checkpoint', pipeline: 'r1', checkpoint: 'rl' });
    await session.reconnectEngine();
    expect(counts).toEqual({ started: 2, ended: 1 });
    expect(session.useSession.getState()).toMatchObject({ status: 'ready', model: { name: 'checkpoint' } });
  });

  it('has the starter in the place of files, which are gone', async () => {
    const { session } = withModels(nameOf);
    await session.openEngine();
    await session.loadModel({ kind: 'files', name: 'mine', files: [] });
    await session.reconnectEngine();
    await settle();
    expect(session.useSession.getState().model?.name).toBe('r1');
  });
});

describe('another device', () => {
  const GPU: DeviceInfo = { kind: 'gpu', name: 'a card', isSoftware: false, why: { kind: 'asked' } };
  const deviceOf = ({ session }: ReturnType<typeof stubSession>) => session.useSession.getState().catalogue?.device;

  it('is moved to with the model, and asked for again the next time', async () => {
    const modelInfo = vi.fn(async () => ok(named('as it is')));
    const stub = await openStubSession({ computeOn: async () => ok(GPU), modelInfo });
    await stub.session.computeOn('gpu');
    expect(deviceOf(stub)).toEqual(GPU);
    expect(stub.session.useSession.getState()).toMatchObject({ wish: 'gpu', model: { name: 'as it is' } });
    expect(stub.preferences.usePreferences.getState().device).toBe('gpu');
    expect(stub.counts).toEqual({ started: 1, ended: 0 });
  });

  it('that does not open changes nothing', async () => {
    const stub = await openStubSession({ computeOn: async () => refused('adapter') });
    expect(await stub.session.computeOn('gpu')).toMatchObject({ ok: false, error: { userMessage: 'No adapter.' } });
    expect(deviceOf(stub)).toEqual(CATALOGUE.device);
    expect(stub.session.useSession.getState().wish).toBe('auto');
    expect(stub.preferences.usePreferences.getState().device).toBe('auto');
  });

  it('is opened where there is none, or none any more', async () => {
    const open = vi.fn<EngineApi['open']>(async (_, wish) => (wish === 'cpu' ? ok(CATALOGUE) : refused('device')));
    const stub = stubSession({ open, loadModel: nameOf });
    await stub.session.openEngine();
    expect(stub.session.useSession.getState().status).toBe('unavailable');
    await stub.session.computeOn('cpu');
    expect(stub.session.useSession.getState()).toMatchObject({ status: 'ready', wish: 'cpu' });
    stub.emit({ type: 'deviceLost', error: refused('device').error });
    await stub.session.computeOn('auto');
    expect(stub.session.useSession.getState()).toMatchObject({ status: 'unavailable', wish: 'auto' });
  });
});

describe('an event', () => {
  it('of a load that is over begins nothing again', async () => {
    const { session, emit } = withModels(nameOf);
    await session.openEngine();
    await settle();
    emit({ type: 'modelLoadProgressed', stage: 'compile', done: 1, total: 2 });
    expect(session.useSession.getState().loading).toBeUndefined();
  });

  it('is heard by every listener, after the session has taken it in', async () => {
    const { session, emit } = await openStubSession();
    const seen: unknown[] = [];
    session.onEngineEvents(() => seen.push(session.useSession.getState().problem?.userMessage));
    session.onEngineEvents((batch) => seen.push(batch.length));
    emit({ type: 'deviceLost', error: refused('device').error });
    expect(seen).toEqual(['No device.', 1]);
  });
});
