// A program: a list of dispatches baked once (pipelines, bind groups, parameters) and replayed.
// It is chopped into submits so that no one of them holds the device for long.
import type { BufferRange, Device } from './device';
import { DeviceTooSmallError } from './errors';
import { type Dispatch, type KernelCache, withAlternative } from './kernel';

interface Baked {
  readonly label: string;
  readonly pipeline: GPUComputePipeline;
  readonly bindGroup: GPUBindGroup;
  readonly workgroups: readonly [number, number, number];
}

/** Submits are kept near this length, so that a page keeps its frame rate and no watchdog fires. */
const TARGET_SUBMIT_MS = 30;
const MAX_WORKGROUPS = 65535;

export class Program {
  #dispatchesPerSubmit = 64;

  private constructor(
    readonly label: string,
    private readonly device: Device,
    private readonly baked: readonly Baked[],
    private readonly paramsBuffer: GPUBuffer,
  ) {}

  get numDispatches(): number {
    return this.baked.length;
  }

  /** Labels in order, for profiles. */
  get labels(): string[] {
    return this.baked.map((dispatch) => dispatch.label);
  }

  /** Compiles all pipelines side by side, then bakes. */
  static async compile(
    kernels: Pick<KernelCache, 'device' | 'get'>,
    label: string,
    recorded: readonly Dispatch<BufferRange>[],
  ): Promise<Program> {
    const { device } = kernels;
    const dispatches = recorded.map((dispatch) =>
      withAlternative(dispatch, kernels.preferences.get(dispatch.alternatives?.subject ?? '')),
    );
    const stride = device.limits.minUniformBufferOffsetAlignment;
    const params = new Uint8Array(stride * Math.max(1, dispatches.length));
    const resolved = dispatches.map((dispatch) => kernels.get(dispatch.kernel));
    resolved.forEach((kernel, i) => {
      const packed = new Uint8Array(kernel.packParams((dispatches[i] as Dispatch<BufferRange>).params));
      if (packed.byteLength > stride) throw new Error(`${kernel.spec.shader}: Params is larger than ${stride} bytes`);
      params.set(packed, i * stride);
    });
    const pipelines = await device.race(Promise.all(resolved.map((kernel) => kernel.pipeline)));
    const paramsBuffer = device.createBuffer(`${label}.params`, params.byteLength, 0x40 | 0x08); // UNIFORM | COPY_DST
    device.gpu.queue.writeBuffer(paramsBuffer, 0, params);
    const baked = dispatches.map((dispatch, i): Baked => {
      const kernel = resolved[i] as (typeof resolved)[number];
      const pipeline = pipelines[i] as GPUComputePipeline;
      if (dispatch.workgroups.some((count) => count > MAX_WORKGROUPS)) {
        throw new DeviceTooSmallError(
          'workgroups per dimension',
          MAX_WORKGROUPS,
          Math.max(...dispatch.workgroups),
          'Use a smaller batch.',
        );
      }
      const given = Object.keys(dispatch.bindings);
      const needed = kernel.bindings.map((binding) => binding.name);
      if (given.length !== needed.length || needed.some((name) => !(name in dispatch.bindings))) {
        throw new Error(
          `${dispatch.label}: ${kernel.spec.shader}.wgsl binds ${needed.join(', ')}; got ${given.join(', ')}`,
        );
      }
      const entries: GPUBindGroupEntry[] = [
        { binding: 0, resource: { buffer: paramsBuffer, offset: i * stride, size: stride } },
        ...kernel.bindings.map(({ name, index }) => {
          const { buffer, offset, size } = dispatch.bindings[name] as BufferRange;
          return { binding: index, resource: { buffer, offset, size } };
        }),
      ];
      const bindGroup = device.gpu.createBindGroup({
        label: dispatch.label,
        layout: pipeline.getBindGroupLayout(0),
        entries,
      });
      return { label: dispatch.label, pipeline, bindGroup, workgroups: dispatch.workgroups };
    });
    return new Program(label, device, baked, paramsBuffer);
  }

  /** Records a stretch of the dispatches into one pass. */
  #encode(encoder: GPUCommandEncoder, from: number, to: number): void {
    const timestampWrites = this.device.clock.stampPass();
    const pass = encoder.beginComputePass({ label: this.label, ...(timestampWrites && { timestampWrites }) });
    for (let i = from; i < to; i++) {
      const { pipeline, bindGroup, workgroups } = this.baked[i] as Baked;
      pass.setPipeline(pipeline);
      pass.setBindGroup(0, bindGroup);
      pass.dispatchWorkgroups(...workgroups);
    }
    pass.end();
  }

  /** Submits the whole program, in as many submits as its last measured speed asks for. Does not wait. */
  submit(): void {
    this.device.clock.countRun(this.baked.length);
    for (let from = 0; from < this.baked.length; from += this.#dispatchesPerSubmit) {
      const encoder = this.device.gpu.createCommandEncoder({ label: this.label });
      this.#encode(encoder, from, Math.min(from + this.#dispatchesPerSubmit, this.baked.length));
      this.device.submit(encoder);
    }
  }

  /** Tells the program how long a run of it took, so that the next one is chopped to fit. */
  tune(elapsedMs: number): void {
    const numSubmits = Math.max(1, Math.ceil(elapsedMs / TARGET_SUBMIT_MS));
    this.#dispatchesPerSubmit = Math.max(4, Math.ceil(this.baked.length / numSubmits));
  }

  /** Runs once with a timestamp around every dispatch; milliseconds by label. Slow: a pass each. */
  async profile(): Promise<Map<string, { ms: number; count: number }> | undefined> {
    const { gpu } = this.device;
    if (!gpu.features.has('timestamp-query')) return undefined;
    const totals = new Map<string, { ms: number; count: number }>();
    const batch = 1024;
    for (let from = 0; from < this.baked.length; from += batch) {
      const part = this.baked.slice(from, from + batch);
      const querySet = gpu.createQuerySet({ type: 'timestamp', count: part.length * 2 });
      const size = part.length * 16;
      const resolveBuffer = gpu.createBuffer({ size, usage: 0x200 | 0x04 }); // QUERY_RESOLVE | COPY_SRC
      const readBuffer = gpu.createBuffer({ size, usage: 0x01 | 0x08 }); // MAP_READ | COPY_DST
      const encoder = gpu.createCommandEncoder();
      part.forEach(({ pipeline, bindGroup, workgroups }, i) => {
        const pass = encoder.beginComputePass({
          timestampWrites: { querySet, beginningOfPassWriteIndex: i * 2, endOfPassWriteIndex: i * 2 + 1 },
        });
        pass.setPipeline(pipeline);
        pass.setBindGroup(0, bindGroup);
        pass.dispatchWorkgroups(...workgroups);
        pass.end();
      });
      encoder.resolveQuerySet(querySet, 0, part.length * 2, resolveBuffer, 0);
      encoder.copyBufferToBuffer(resolveBuffer, 0, readBuffer, 0, size);
      gpu.queue.submit([encoder.finish()]);
      await this.device.race(readBuffer.mapAsync(0x01));
      const times = new BigUint64Array(readBuffer.getMappedRange().slice(0));
      part.forEach(({ label }, i) => {
        const ms = Number((times[i * 2 + 1] as bigint) - (times[i * 2] as bigint)) / 1e6;
        const kind = label.replace(/:.*$/, '');
        const total = totals.get(kind) ?? { ms: 0, count: 0 };
        totals.set(kind, { ms: total.ms + ms, count: total.count + 1 });
      });
      for (const resource of [querySet, resolveBuffer, readBuffer]) resource.destroy();
    }
    return totals;
  }

  destroy(): void {
    this.device.destroyBuffer(this.paramsBuffer);
  }
}
