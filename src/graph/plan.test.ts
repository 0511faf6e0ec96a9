import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { DeviceBuffer } from '../device/contract';
import type { Dispatch } from '../device/dispatch';
import type { Tensor } from './graph';
import { plan } from './plan';

function tensor(label: string, size: number, range?: Tensor['range']): Tensor {
  return { label, shape: [size], size, range, gradient: undefined, dtype: 'f32' };
}

function dispatch(...tensors: readonly Tensor[]): Dispatch<Tensor> {
  const bindings = Object.fromEntries(tensors.map((t, i) => [`b${i}`, t]));
  return { label: 'test', kernel: { shader: 'add' }, params: {}, bindings, workgroups: [1, 1, 1] };
}

const [a, b, c, d] = [tensor('a', 8), tensor('b', 8), tensor('c', 4), tensor('d', 16)];

describe('the memory plan', () => {
  it('gives the memory of a tensor that is done with to a later one', () => {
    const { slotBytes, slotOf } = plan([dispatch(a, b), dispatch(b, c), dispatch(c, d)], []);
    expect(slotOf.get(c)).toBe(slotOf.get(a));
    expect(slotOf.get(d)).toBe(slotOf.get(b));
    expect(slotBytes).toEqual([32, 64]);
  });

  it('never gives away the memory of a tensor that is to be read after the run', () => {
    const { slotOf } = plan([dispatch(a, b), dispatch(b, c), dispatch(c, d)], [a]);
    expect([b, c, d].map((t) => slotOf.get(t))).not.toContain(slotOf.get(a));
  });

  it('leaves tensors with memory of their own alone', () => {
    const bound = tensor('bound', 8, { buffer: {} as DeviceBuffer, offset: 0, size: 32 });
    const { slotOf, slotBytes } = plan([dispatch(bound, a)], []);
    expect(slotOf.has(bound)).toBe(false);
    expect(slotBytes).toEqual([32]);
  });

  it('keeps tensors that are alive together apart, and every slot large enough', () => {
    const program = fc.array(fc.uniqueArray(fc.nat(11), { minLength: 1, maxLength: 4 }), {
      minLength: 1,
      maxLength: 20,
    });
    fc.assert(
      fc.property(
        program,
        fc.array(fc.integer({ min: 1, max: 64 }), { minLength: 12, maxLength: 12 }),
        (uses, sizes) => {
          const tensors = sizes.map((size, i) => tensor(`t${i}`, size));
          const { slotOf, slotBytes } = plan(
            uses.map((use) => dispatch(...use.map((i) => tensors[i] as Tensor))),
            [],
          );
          const life = tensors.map((_, i) => {
            const at = uses.flatMap((use, step) => (use.includes(i) ? [step] : []));
            return { first: at[0], last: at.at(-1) };
          });
          tensors.forEach((one, i) => {
            const { first, last } = life[i] as { first?: number; last?: number };
            if (first === undefined || last === undefined) return;
            expect(slotBytes[slotOf.get(one) as number]).toBeGreaterThanOrEqual(one.size * 4);
            tensors.slice(i + 1).forEach((other, k) => {
              const { first: otherFirst, last: otherLast } = life[i + 1 + k] as { first?: number; last?: number };
              if (otherFirst === undefined || otherLast === undefined) return;
              if (first <= otherLast && otherFirst <= last) expect(slotOf.get(one)).not.toBe(slotOf.get(other));
            });
          });
        },
      ),
    );
  });
});
