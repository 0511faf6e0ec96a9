import { describe, expect, it, vi } from 'vitest';
import type { EngineApi, MeasuredWay, Result } from '../protocol/protocol';
import { MODEL } from '../testing/madeUp';
import { deferred, ok, openStubSession, refused } from '../testing/stubEngine';
import { WaysStore } from './ways';

async function openWays(commands: Partial<EngineApi>) {
  const stub = await openStubSession({ loadModel: async () => ok(MODEL), ...commands });
  const store = new WaysStore(stub.session);
  const tell = (measured: MeasuredWay) => stub.emit({ type: 'wayMeasured', measured });
  return { ...stub, tell, measureWays: store.measureWays, state: () => store.useWays.getState() };
}

describe('the ways to compute', () => {
  it('come one after another, each as it was told last, and are forgotten when they are measured anew', async () => {
    const answer = deferred<Result<null>>();
    const command = vi.fn(() => answer.promise);
    const { session, tell, measureWays, state } = await openWays({ measureWays: command });
    await session.loadModel({ kind: 'shipped', id: 'base' });
    const first = measureWays();
    void measureWays();
    expect(state().isMeasuring).toBe(true);
    tell({ way: 'javascript', threads: 1, gflops: 1 });
    tell({ way: 'javascript', threads: 1, gflops: 1, tokensPerSecond: 900 });
    tell({ way: 'scalar', threads: 1, gflops: 2 });
    answer.resolve(ok(null));
    await first;
    expect(command).toHaveBeenCalledTimes(1);
    expect(state()).toEqual({
      isMeasuring: false,
      problem: undefined,
      ways: [
        { way: 'javascript', threads: 1, gflops: 1, tokensPerSecond: 900 },
        { way: 'scalar', threads: 1, gflops: 2 },
      ],
    });
    await measureWays();
    expect(state().ways).toEqual([]);
  });

  it('say why they cannot be measured: by the engine, or for want of a model', async () => {
    const command = vi.fn<EngineApi['measureWays']>(async () => refused('room'));
    const { session, measureWays, state } = await openWays({ measureWays: command });
    await measureWays();
    expect(command).not.toHaveBeenCalled();
    expect(state().problem?.code).toBe('no_model');
    await session.loadModel({ kind: 'shipped', id: 'base' });
    await measureWays();
    expect(state()).toMatchObject({ isMeasuring: false, problem: { userMessage: 'No room.' } });
  });
});
