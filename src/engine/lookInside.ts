// A text read once more, in one forward pass made for it, to see what no other pass keeps.
import type { BufferRange } from '../device/contract';
import { CompiledGraph } from '../graph/compile';
import { Graph, type Tensor } from '../graph/graph';
import { type ForwardHooks, forward } from '../model/network';
import { PackedBatch } from '../model/packedBatch';
import { RopeTables } from '../model/ropeTables';
import type { Weights } from '../model/weights';
import type { Runtime } from './runtime';

/** What to look at. */
export interface Look<Seen> {
  /** Of the program. */
  readonly label: string;
  /** Tells of what comes by in the pass. */
  hooks(see: (one: Seen) => void): ForwardHooks;
  /** What to keep of it, as many tensors of each. */
  tensorsOf(one: Seen): readonly Tensor[];
  /** What else to read, once the pass is made. */
  readonly further?: (seen: readonly Seen[]) => readonly BufferRange[];
}

/** What came by, with the bytes of its tensors, and of what else was read. */
export interface Looked<Seen> {
  readonly seen: readonly { readonly one: Seen; readonly parts: readonly ArrayBuffer[] }[];
  readonly further: readonly ArrayBuffer[];
}

/**
 * Adds to the weights' load counts as any pass does.
 * @param ids at least one, at most as many as the model has positions.
 * @throws OutOfMemoryError or DeviceTooSmallError.
 */
export async function lookInside<Seen>(
  { device, readback }: Runtime,
  weights: Weights,
  ids: readonly number[],
  look: Look<Seen>,
): Promise<Looked<Seen>> {
  const [batch, rope] = await device.guardMemory(() => [
    new PackedBatch(device, ids.length),
    new RopeTables(device, weights.architecture, ids.length),
  ]);
  let pass: CompiledGraph | undefined;
  try {
    const g = new Graph();
    const all: Seen[] = [];
    forward(
      g,
      weights,
      batch.tensors(g),
      rope,
      look.hooks((one) => all.push(one)),
    );
    const kept = all.map(look.tensorsOf);
    pass = await CompiledGraph.compile(device, `${look.label}:${ids.length}`, g, kept.flat());
    batch.write([ids]);
    pass.program.submit();
    const parts = await readback.read([...kept.flat().map(pass.rangeOf, pass), ...(look.further?.(all) ?? [])]);
    const seen = all.map((one, i) => ({ one, parts: parts.splice(0, kept[i]?.length ?? 0) }));
    return { seen, further: parts };
  } finally {
    pass?.destroy();
    batch.destroy();
    rope.destroy();
  }
}
