import { describe, expect, it } from 'vitest';
import { type Contender, measure, measureOnce } from './measure';

/** A contender whose runs take the given milliseconds each, in order, and the last of them from then on. */
function contender(system: string, durations: number[], rest: Partial<Contender> = {}): Contender & { log: number[] } {
  const log: number[] = [];
  return {
    system,
    check: [],
    log,
    run: async (times) => {
      const each = durations[Math.min(log.length, durations.length - 1)] as number;
      log.push(times);
      return { ms: each * times, work: { tokens: 50 * times, flops: 2e6 * times } };
    },
    detail: () => undefined,
    destroy: async () => {},
    ...rest,
  };
}

describe('measure', () => {
  it('leaves the calibrating runs out and gives the median, its spread and its rates', async () => {
    const [row] = await measure('w', [contender('a', [5000, 400, 100, 200])], 3);
    expect(row).toEqual({ workload: 'w', system: 'a', ms: 200, spreadMs: 150, tokensPerSecond: 250, gflops: 0.01 });
  });

  it('repeats a short run until the measurement is long enough', async () => {
    const short = contender('a', [10]);
    const [row] = await measure('w', [short], 2);
    expect(short.log).toEqual([1, 1, 10, 10]);
    expect(row).toMatchObject({ ms: 10, spreadMs: 0 });
  });

  it('lets the contenders take turns', async () => {
    const order: string[] = [];
    const noted = (system: string) => {
      const inner = contender(system, [5000]);
      return {
        ...inner,
        run: (times: number) => {
          order.push(system);
          return inner.run(times);
        },
      };
    };
    await measure('w', [noted('a'), noted('b')], 2);
    expect(order).toEqual(['a', 'b', 'a', 'b', 'a', 'b']);
  });

  it('does not ask a slow one again once it has had its time', async () => {
    const slow = contender('slow', [30_000]);
    expect(await measure('w', [slow], 5)).toMatchObject([{ ms: 30_000 }]);
    expect(slow.log).toHaveLength(1);
  });

  it('says how near the numbers to be checked are, and when they differ', async () => {
    const rows = await measure(
      'w',
      [
        contender('a', [200], { check: [4.1] }),
        contender('near', [200], { check: [4.10002] }),
        contender('far', [200], { check: [4.2], detail: () => 'patched' }),
        contender('unchecked', [200]),
      ],
      1,
    );
    expect(rows.map(({ detail }) => detail)).toEqual([
      undefined,
      'agrees to 5e-6',
      'differs: 4.2000, not 4.1000; patched',
      undefined,
    ]);
  });

  it('makes a row of what goes wrong and goes on with the others', async () => {
    const broken = contender('broken', [200], { run: () => Promise.reject(new Error('device lost\nat x')) });
    const rows = await measure('w', [contender('a', [200]), broken], 1);
    expect(rows[0]).toMatchObject({ system: 'a', ms: 200 });
    expect(rows[1]).toEqual({ workload: 'w', system: 'broken', error: 'device lost' });
  });
});

it('measureOnce counts the first run', async () => {
  expect(await measureOnce('w', contender('a', [70, 1]))).toMatchObject({ ms: 70, spreadMs: 0 });
});
