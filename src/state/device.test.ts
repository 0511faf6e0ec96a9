import { describe, expect, it, vi } from 'vitest';
import type { DeviceInfo, EngineApi, ProgramProfile, Result } from '../protocol/protocol';
import { CATALOGUE, MODEL } from '../testing/madeUp';
import { DEVICE_REPORT, PROFILE } from '../testing/madeUpDevice';
import { deferred, ok, openStubSession, refused } from '../testing/stubEngine';
import { DeviceStore } from './device';

async function openDevice(commands: Partial<EngineApi>) {
  const stub = await openStubSession({ loadModel: async () => ok(MODEL), ...commands });
  const reopenRun = vi.fn(async () => {});
  const device = new DeviceStore(stub.session, { reopenRun });
  return { ...stub, device, reopenRun, state: () => device.useDevice.getState() };
}

describe('the device', () => {
  it('stays as it was told where the engine does not answer', async () => {
    let report: Result<typeof DEVICE_REPORT> = ok(DEVICE_REPORT);
    const { device, state } = await openDevice({ deviceReport: async () => report });
    await device.refreshDevice();
    report = refused('device');
    await device.refreshDevice();
    expect(state().report).toEqual(DEVICE_REPORT);
  });

  it('is timed once at a time, and told of anew', async () => {
    const answer = deferred<Result<readonly ProgramProfile[]>>();
    const profileDevice = vi.fn(() => answer.promise);
    const { device, session, state } = await openDevice({ deviceReport: async () => ok(DEVICE_REPORT), profileDevice });
    await session.loadModel({ kind: 'shipped', id: 'base' });
    const first = device.profileDevice();
    const second = device.profileDevice();
    expect(state().isProfiling).toBe(true);
    answer.resolve(ok(PROFILE));
    await Promise.all([first, second]);
    expect(profileDevice).toHaveBeenCalledTimes(1);
    expect(state()).toMatchObject({ isProfiling: false, profile: PROFILE, report: DEVICE_REPORT });
  });

  it('says why it cannot be timed: by the engine, or for want of a model', async () => {
    const profileDevice = vi.fn<EngineApi['profileDevice']>(async () => refused('timestamps'));
    const { device, session, state } = await openDevice({ deviceReport: async () => ok(DEVICE_REPORT), profileDevice });
    await device.profileDevice();
    expect(profileDevice).not.toHaveBeenCalled();
    expect(state().problem?.code).toBe('no_model');
    await session.loadModel({ kind: 'shipped', id: 'base' });
    await device.profileDevice();
    expect(state()).toMatchObject({ isProfiling: false, problem: { userMessage: 'No timestamps.' } });
  });

  it('is changed once at a time, and the open run is opened there again', async () => {
    const answer = deferred<Result<DeviceInfo>>();
    const computeOn = vi.fn<EngineApi['computeOn']>(() => answer.promise);
    const commands = { computeOn, deviceReport: async () => ok(DEVICE_REPORT), modelInfo: async () => ok(MODEL) };
    const { device, reopenRun, state } = await openDevice(commands);
    const first = device.computeOn('gpu');
    await device.computeOn('cpu');
    expect(state().changing).toBe('gpu');
    expect(reopenRun).not.toHaveBeenCalled();
    answer.resolve(ok(CATALOGUE.device));
    await first;
    expect(computeOn).toHaveBeenCalledExactlyOnceWith('gpu');
    expect(reopenRun).toHaveBeenCalledOnce();
    expect(state()).toMatchObject({ changing: undefined, changeProblem: undefined, report: DEVICE_REPORT });
  });

  it('that cannot be changed says why, and leaves the run', async () => {
    const commands = { computeOn: async () => refused('adapter'), deviceReport: async () => ok(DEVICE_REPORT) };
    const { device, reopenRun, state } = await openDevice(commands);
    await device.computeOn('gpu');
    expect(state()).toMatchObject({ changing: undefined, changeProblem: { userMessage: 'No adapter.' } });
    expect(reopenRun).not.toHaveBeenCalled();
  });
});
