// From one device to another with the model that is loaded, and the run that was open.
import 'fake-indexeddb/auto';
import { beforeEach, expect, it, vi } from 'vitest';
import type { DeviceSources, DeviceWish } from '../device/chooseDevice';
import type { Device, Shaders } from '../device/contract';
import { WebGpuMissingError } from '../device/errors';
import type { EngineEvent } from '../protocol/protocol';
import { memorySlots } from '../storage/memorySlots';
import { openTestDevice } from '../testing/device';
import { deferred } from '../testing/stubEngine';
import { HOST, nextOf, QUESTION, SETTINGS, tinyModel, value } from '../testing/tinySession';
import { createEngineSession } from './session';

beforeEach(() => {
  vi.unstubAllGlobals();
  vi.stubGlobal('fetch', async () => new Response('[]'));
});

/** A session on the first of two devices, with a model; the second is there where and when `gpu` says so. */
async function openOnFirst(gpu: 'there' | 'missing' | 'broken' | Promise<unknown> = 'there', wish: DeviceWish = 'cpu') {
  const opened: Device[] = [];
  const open = async (shaders: Shaders) => {
    const device = await openTestDevice(shaders);
    opened.push(device);
    return device;
  };
  const devices = (shaders: Shaders): DeviceSources => ({
    openCpu: () => open(shaders),
    findGpu: async () => {
      if (gpu === 'missing') throw new WebGpuMissingError('No adapter.', 'Use another browser.');
      await gpu;
      const broken = { compile: () => Promise.reject(new Error('No shader compiles.')) };
      const openSecond = async () =>
        Object.assign(await open(shaders), { name: 'second', ...(gpu === 'broken' && broken) });
      return { name: 'second', isSoftware: false, open: openSecond };
    },
  });
  const events: EngineEvent[] = [];
  const session = createEngineSession({ ...HOST, devices, openSlots: async () => memorySlots() });
  value(await session.open((batch) => events.push(...batch), wish));
  value(await session.loadModel(await tinyModel()));
  const answer = async () => {
    events.length = 0;
    value(await session.ask(QUESTION));
    return (await nextOf(events, 'answerEnded')).summary.completionText;
  };
  return { session, events, opened, answer };
}

it('answers the same on the other device, where its weights are; the first holds nothing any more', async () => {
  const { session, events, opened, answer } = await openOnFirst();
  const before = await answer();
  const asked = session.ask({ ...QUESTION, seed: 6 });
  const device = value(await session.computeOn('gpu'));
  expect(device.why).toEqual({ kind: 'asked' });
  // What was under way ended where it began.
  value(await asked);
  expect((await nextOf(events, 'deviceChanged')).device).toEqual(device);
  expect(events.filter(({ type }) => type === 'answerEnded')).toHaveLength(2);
  expect(events.some(({ type }) => type === 'askFailed' || type === 'deviceLost')).toBe(false);
  expect(await answer()).toBe(before);
  expect(opened).toHaveLength(2);
  await expect(opened[0]?.idle()).rejects.toThrow();
});

it('a run that rests goes on there; one that trains is not moved', async () => {
  const { session, events, opened: devices } = await openOnFirst();
  const config = { ...SETTINGS.config, max_steps: 1000 };
  const run = value(await session.startRun({ ...SETTINGS, config, evalEvery: 0 }));
  const refused = await session.computeOn('gpu');
  expect(refused).toMatchObject({ ok: false, error: { code: 'not_now' } });
  expect(devices).toHaveLength(1);
  await nextOf(events, 'stepFinished');
  const { step } = value(await session.pauseRun());
  value(await session.computeOn('gpu'));
  const opened = value(await session.openRun(run.id));
  const name = expect.stringMatching(/^second/);
  expect(opened.run.devices).toEqual([
    expect.objectContaining({ afterStep: 0 }),
    { afterStep: step, kind: 'cpu', name },
  ]);
  events.length = 0;
  value(await session.stepRun());
  await nextOf(events, 'stepFinished');
});

it('where the other does not open, nothing is changed', async () => {
  const { session, answer, opened } = await openOnFirst('missing');
  const before = await answer();
  const model = value(await session.modelInfo());
  expect(await session.computeOn('gpu')).toMatchObject({ ok: false, error: { code: 'webgpu_missing' } });
  expect(value(await session.modelInfo())).toEqual(model);
  expect(opened).toHaveLength(1);
  expect(await answer()).toBe(before);
});

it('answers on the processor while a GPU prepares, then on that; what was answered before is still known', async () => {
  const { promise: gpu, resolve } = deferred<void>();
  const { session, events, opened, answer } = await openOnFirst(gpu, 'auto');
  const before = await answer();
  const { askId } = await nextOf(events, 'askStarted');
  expect(opened).toHaveLength(1);
  // What takes long waits for the device that it will be on.
  const run = session.startRun({ ...SETTINGS, evalEvery: 0 });
  expect(await answer()).toBe(before);
  resolve();
  const { device } = await nextOf(events, 'deviceChanged');
  expect(device).toMatchObject({ name: 'second', why: { kind: 'realGpu' } });
  expect(value(await run).devices).toEqual([expect.objectContaining({ name: expect.stringMatching(/^second/) })]);
  value(await session.stopRun());
  expect(value(await session.expertChoices(askId + 1, 0)).length).toBeGreaterThan(0);
  await expect(opened[0]?.idle()).rejects.toThrow();
});

it('stays on the processor where a GPU fails at the model, and then says so', async () => {
  const { session, events, opened, answer } = await openOnFirst('broken', 'auto');
  const { device } = await nextOf(events, 'deviceChanged');
  expect(device).toMatchObject({
    kind: 'cpu',
    name: 'processor',
    why: { kind: 'noGpu', fault: 'No shader compiles.' },
  });
  expect(await answer()).not.toBe('');
  await expect(opened[1]?.idle()).rejects.toThrow();
  value(await session.modelInfo());
});

it('stays on the processor where there is no GPU, and then says so', async () => {
  const { events, opened, answer } = await openOnFirst('missing', 'auto');
  const changed = await nextOf(events, 'deviceChanged');
  expect(changed.device).toMatchObject({
    kind: 'cpu',
    why: { kind: 'noGpu', fault: expect.stringMatching(/^No adapter/) },
  });
  expect(await answer()).not.toBe('');
  expect(opened).toHaveLength(1);
});
