// From a recording to a program: plans memory, allocates it, bakes the dispatches.
import type { BufferRange, Device, DeviceBuffer, Program } from '../device/contract';
import type { Graph, Tensor } from './graph';
import { plan } from './plan';
import { SlotPool } from './slotPool';

/** A program with the memory of its intermediate tensors. */
export class CompiledGraph {
  private constructor(
    readonly program: Program,
    /** Memory of no other program. */
    private readonly own: SlotPool | undefined,
    private readonly ranges: ReadonlyMap<Tensor, BufferRange>,
  ) {}

  /**
   * @param keep tensors to be read after a run.
   * @param shared memory that it takes turns in with other programs; its own, if absent.
   */
  static async compile(
    device: Device,
    label: string,
    graph: Graph,
    keep: readonly Tensor[] = [],
    shared?: SlotPool,
  ): Promise<CompiledGraph> {
    const { slotBytes, slotOf } = plan(graph.dispatches, keep);
    const own = shared ? undefined : new SlotPool(device, label);
    const buffers = await device.guardMemory(() => (shared ?? (own as SlotPool)).take(slotBytes));
    const ranges = new Map<Tensor, BufferRange>();
    for (const [tensor, slot] of slotOf) {
      ranges.set(tensor, {
        buffer: buffers[slot] as DeviceBuffer,
        offset: 0,
        size: Math.max(16, Math.ceil(tensor.size / 4) * 16),
      });
    }
    const rangeOf = (tensor: Tensor): BufferRange => tensor.range ?? (ranges.get(tensor) as BufferRange);
    const dispatches = graph.dispatches.map((dispatch) => ({
      ...dispatch,
      bindings: Object.fromEntries(Object.entries(dispatch.bindings).map(([name, tensor]) => [name, rangeOf(tensor)])),
    }));
    const program = await device.compile(label, dispatches);
    return new CompiledGraph(program, own, ranges);
  }

  /** Where a kept tensor lies. */
  rangeOf(tensor: Tensor): BufferRange {
    const range = tensor.range ?? this.ranges.get(tensor);
    if (!range) throw new Error(`tensor '${tensor.label}' is not part of program ${this.program.label}`);
    return { ...range, size: tensor.size * 4 };
  }

  /** Bytes of intermediate tensors in memory of its own. */
  get bytes(): number {
    return this.own?.bytes ?? 0;
  }

  destroy(): void {
    this.own?.destroy();
    this.program.destroy();
  }
}
