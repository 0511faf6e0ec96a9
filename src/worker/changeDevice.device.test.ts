// From one device to another with the model that is loaded, and the run that was open.
import 'fake-indexeddb/auto';
import { beforeEach, expect, it, vi } from 'vitest';
import type { DeviceSources } from '../device/chooseDevice';
import type { Device, Shaders } from '../device/contract';
import { WebGpuMissingError } from '../device/errors';
import type { EngineEvent } from '../protocol/protocol';
import { memorySlots } from '../storage/memorySlots';
import { openTestDevice } from '../testing/device';
import { HOST, nextOf, QUESTION, SETTINGS, tinyModel, value } from '../testing/tinySession';
import { createEngineSession } from './session';

beforeEach(() => {
  vi.unstubAllGlobals();
  vi.stubGlobal('fetch', async () => new Response('[]'));
});

/** A session on the first of two devices; the second is found where `hasGpu`. */
async function openOnFirst(hasGpu = true) {
  const opened: Device[] = [];
  const open = async (shaders: Shaders) => {
    const device = await openTestDevice(shaders);
    opened.push(device);
    return device;
  };
  const devices = (shaders: Shaders): DeviceSources => ({
    openCpu: () => open(shaders),
    findGpu: async () => {
      if (!hasGpu) throw new WebGpuMissingError('No adapter.', 'Use another browser.');
      const openSecond = async () => Object.assign(await open(shaders), { name: 'second' });
      return { name: 'second', isSoftware: false, open: openSecond };
    },
  });
  const events: EngineEvent[] = [];
  const session = createEngineSession({ ...HOST, devices, openSlots: async () => memorySlots() });
  value(await session.open((batch) => events.push(...batch), 'cpu'));
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
  const { session, answer, opened } = await openOnFirst(false);
  const before = await answer();
  const model = value(await session.modelInfo());
  expect(await session.computeOn('gpu')).toMatchObject({ ok: false, error: { code: 'webgpu_missing' } });
  expect(value(await session.modelInfo())).toEqual(model);
  expect(opened).toHaveLength(1);
  expect(await answer()).toBe(before);
});
