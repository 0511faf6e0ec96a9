// @vitest-environment happy-dom
import { cleanup, render, screen } from '@testing-library/react';
import fc from 'fast-check';
import { useRef } from 'react';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { Turns, useInTurn } from './turns';

afterEach(cleanup);

/** A clock and slices that a test lets go by. */
function clockwork() {
  let now = 0;
  let next: (() => void) | undefined;
  const turns = new Turns(
    (slice) => {
      next = slice;
    },
    () => now,
  );
  const slice = (): number | undefined => {
    const work = next;
    next = undefined;
    if (work === undefined) return undefined;
    const before = now;
    work();
    return now - before;
  };
  const spend = (ms: number) => {
    now += ms;
  };
  return { turns, slice, spend };
}

describe('turns', () => {
  it('put no more into a slice than fits, but for the last work in it, and none before others that wait', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 30 }), { minLength: 1, maxLength: 40 }), (costs) => {
        const { turns, slice, spend } = clockwork();
        const done: number[] = [];
        costs.forEach((ms, i) => {
          turns.take(() => {
            spend(ms);
            done.push(i);
          });
        });
        for (let ms = slice(); ms !== undefined; ms = slice()) {
          expect(ms - (costs[done.at(-1) as number] ?? 0)).toBeLessThan(8);
        }
        expect(done).toEqual(costs.map((_, i) => i));
      }),
    );
  });

  it('that are taken back never come, and one asked for in a turn comes in a later slice', () => {
    const { turns, slice } = clockwork();
    const done: string[] = [];
    turns.take(() => {
      done.push('first');
      turns.take(() => done.push('again'));
    });
    const takeBack = turns.take(() => done.push('never'));
    turns.take(() => done.push('second'));
    takeBack();
    slice();
    expect(done).toEqual(['first', 'second']);
    slice();
    expect(done).toEqual(['first', 'second', 'again']);
    expect(slice()).toBeUndefined();
  });
});

const drawn: number[] = [];

function Part({ value }: { readonly value: number }) {
  const box = useRef<HTMLDivElement>(null);
  const taken = useInTurn(value, box);
  if (drawn.at(-1) !== taken) drawn.push(taken);
  return <div ref={box}>{taken}</div>;
}

describe('a part in turn', () => {
  it('takes the latest value once it is near what is seen, and draws none between', async () => {
    let tell: (isIntersecting: boolean) => void = () => {};
    vi.stubGlobal(
      'IntersectionObserver',
      class {
        constructor(callback: (entries: { isIntersecting: boolean }[]) => void) {
          tell = (isIntersecting) => callback([{ isIntersecting }]);
        }
        observe() {}
        disconnect() {
          tell = () => {};
        }
      },
    );
    const { rerender } = render(<Part value={1} />);
    for (const value of [2, 3, 4]) rerender(<Part value={value} />);
    tell(false);
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(screen.getByText('1')).toBeDefined();
    tell(true);
    rerender(<Part value={5} />);
    expect(await screen.findByText('5')).toBeDefined();
    expect(drawn).toEqual([1, 5]);
    // Another value is another turn.
    rerender(<Part value={6} />);
    tell(true);
    expect(await screen.findByText('6')).toBeDefined();
    vi.unstubAllGlobals();
  });
});
