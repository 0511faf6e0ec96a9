import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { floatTensor, type StoredTensor } from './storedTensor';
import { weightsId } from './weightsId';

const folder = (...tensors: readonly (readonly [string, readonly number[]])[]): ReadonlyMap<string, StoredTensor> =>
  new Map(tensors.map(([name, values]) => [name, floatTensor([values.length], Float32Array.from(values))]));

describe('which weights these are', () => {
  it('does not depend on the order of the tensors', async () => {
    expect(await weightsId(folder(['a', [1, 2]], ['b', [3]]))).toBe(await weightsId(folder(['b', [3]], ['a', [1, 2]])));
  });

  it('is 64 bits in hexadecimal digits, and another for other names, shapes and values', async () => {
    const ids = await Promise.all([
      weightsId(folder(['a', [1, 2]], ['b', [3]])),
      weightsId(folder(['a', [1]], ['b', [2, 3]])),
      weightsId(folder(['a', [1, 2]], ['c', [3]])),
      weightsId(new Map([['a', floatTensor([1, 2], Float32Array.of(1, 2))]])),
      weightsId(new Map([['a', floatTensor([2, 1], Float32Array.of(1, 2))]])),
      weightsId(folder()),
    ]);
    expect(new Set(ids).size).toBe(ids.length);
    for (const id of ids) expect(id).toMatch(/^[0-9a-f]{16}$/);
  });

  it('changes with any two signs', () =>
    fc.assert(
      fc.asyncProperty(
        fc.array(fc.float({ noNaN: true, min: 1, max: 2 }), { minLength: 2, maxLength: 20 }),
        fc.nat(),
        fc.nat(),
        async (values, i, j) => {
          const [one, other] = [i % values.length, j % values.length];
          fc.pre(one !== other);
          const flipped = values.map((value, at) => (at === one || at === other ? -value : value));
          expect(await weightsId(folder(['w', flipped]))).not.toBe(await weightsId(folder(['w', values])));
        },
      ),
    ));
});
