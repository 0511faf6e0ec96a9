// The memory plan: which tensors may share a buffer because they are never alive together.
// Whole buffers are shared, not stretches of one arena: WebGPU does not let one dispatch bind a buffer both as read-only and
// as writable, and read-only bindings are worth keeping.
import type { Dispatch } from '../device/dispatch';
import type { Tensor } from './graph';

export interface Plan {
  /** Size in bytes of each buffer to make. */
  readonly slotBytes: readonly number[];
  readonly slotOf: ReadonlyMap<Tensor, number>;
}

/** Places every tensor without memory of its own. Tensors in `keep` hold their buffer to the end. */
export function plan(dispatches: readonly Dispatch<Tensor>[], keep: readonly Tensor[]): Plan {
  const lastUse = new Map<Tensor, number>();
  dispatches.forEach((dispatch, i) => {
    for (const tensor of Object.values(dispatch.bindings)) lastUse.set(tensor, i);
  });
  for (const tensor of keep) lastUse.set(tensor, Number.POSITIVE_INFINITY);

  const slotBytes: number[] = [];
  const free = new Set<number>();
  const slotOf = new Map<Tensor, number>();

  const take = (bytes: number): number => {
    const candidates = [...free].sort((a, b) => (slotBytes[a] as number) - (slotBytes[b] as number));
    const slot =
      candidates.find((index) => (slotBytes[index] as number) >= bytes) ?? candidates.at(-1) ?? slotBytes.length;
    free.delete(slot);
    slotBytes[slot] = Math.max(slotBytes[slot] ?? 0, bytes);
    return slot;
  };

  dispatches.forEach((dispatch, i) => {
    const tensors = new Set(Object.values(dispatch.bindings));
    for (const tensor of tensors) {
      if (!tensor.range && !slotOf.has(tensor)) slotOf.set(tensor, take(tensor.size * 4));
    }
    for (const tensor of tensors) {
      const slot = slotOf.get(tensor);
      if (slot !== undefined && lastUse.get(tensor) === i) free.add(slot);
    }
  });
  return { slotBytes, slotOf };
}
