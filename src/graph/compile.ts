// From a recording to a program: plans memory, allocates it, bakes the dispatches.
import type { BufferRange, Device } from '../gpu/device';
import type { KernelCache } from '../gpu/kernel';
import { Program } from '../gpu/program';
import type { Graph, Tensor } from './graph';
import { plan } from './plan';

/** A program with the memory of its intermediate tensors. */
export class CompiledGraph {
  private constructor(
    private readonly device: Device,
    readonly program: Program,
    private readonly buffers: readonly GPUBuffer[],
    private readonly ranges: ReadonlyMap<Tensor, BufferRange>,
  ) {}

  /** @param keep tensors to be read after a run. */
  static async compile(
    kernels: KernelCache,
    label: string,
    graph: Graph,
    keep: readonly Tensor[] = [],
  ): Promise<CompiledGraph> {
    const { device } = kernels;
    const { slotBytes, slotOf } = plan(graph.dispatches, keep);
    const buffers = await device.guardMemory(() =>
      slotBytes.map((bytes, slot) => device.createBuffer(`${label}.slot${slot}`, bytes)),
    );
    const ranges = new Map<Tensor, BufferRange>();
    for (const [tensor, slot] of slotOf) {
      ranges.set(tensor, {
        buffer: buffers[slot] as GPUBuffer,
        offset: 0,
        size: Math.max(16, Math.ceil(tensor.size / 4) * 16),
      });
    }
    const rangeOf = (tensor: Tensor): BufferRange => tensor.range ?? (ranges.get(tensor) as BufferRange);
    const dispatches = graph.dispatches.map((dispatch) => ({
      ...dispatch,
      bindings: Object.fromEntries(Object.entries(dispatch.bindings).map(([name, tensor]) => [name, rangeOf(tensor)])),
    }));
    const program = await Program.compile(kernels, label, dispatches);
    return new CompiledGraph(device, program, buffers, ranges);
  }

  /** Where a kept tensor lies. */
  rangeOf(tensor: Tensor): BufferRange {
    const range = tensor.range ?? this.ranges.get(tensor);
    if (!range) throw new Error(`tensor '${tensor.label}' is not part of program ${this.program.label}`);
    return { ...range, size: tensor.size * 4 };
  }

  /** Bytes of intermediate tensors. */
  get bytes(): number {
    return this.buffers.reduce((sum, buffer) => sum + buffer.size, 0);
  }

  destroy(): void {
    for (const buffer of this.buffers) this.device.destroyBuffer(buffer);
    this.program.destroy();
  }
}
