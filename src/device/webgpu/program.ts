// A program: a list of dispatches baked once (pipelines, bind groups, parameters) and replayed.
// It is chopped into submits so that no one of them holds the device for long.
import type { BufferRange, DeviceBuffer } from '../contract';
import { type Dispatch, withAlternative } from '../dispatch';
import { CompileError, DeviceTooSmallError } from '../errors';
import { type Device, gpuBuffer } from './device';
import type { Kernel, KernelCache } from './kernel';
import { timePasses } from './timePasses';

interface Baked {
  readonly label: string;
  readonly pipeline: GPUComputePipeline;
  readonly bindGroup: GPUBindGroup;
  readonly workgroups: readonly [number, number, number];
}

/** Submits are kept near this length, so that a page keeps its frame rate and no watchdog fires. */
const TARGET_SUBMIT_MS = 30;
const MAX_WORKGROUPS = 65535;

function record(pass: GPUComputePassEncoder, { pipeline, bindGroup, workgroups }: Baked): void {
  pass.setPipeline(pipeline);
  pass.setBindGroup(0, bindGroup);
  pass.dispatchWorkgroups(...workgroups);
}

type Kernels = Pick<KernelCache, 'device' | 'get'> & Partial<Pick<KernelCache, 'preferences'>>;

/** A dispatch by the kernel that will run it. */
interface Settled {
  readonly dispatch: Dispatch<BufferRange>;
  readonly kernel: Kernel;
  readonly pipeline: GPUComputePipeline;
}

/**
 * The dispatch by its preferred alternative. If that does not compile on this device, it is not preferred any more, which is noted
 * among the device's choices, and the dispatch stays as it is.
 */
async function settle(kernels: Kernels, dispatch: Dispatch<BufferRange>): Promise<Settled> {
  const { device, preferences } = kernels;
  const by = async (settled: Dispatch<BufferRange>): Promise<Settled> => {
    const kernel = kernels.get(settled.kernel);
    return { dispatch: settled, kernel, pipeline: await kernel.pipeline };
  };
  const { alternatives } = dispatch;
  const name = alternatives && preferences?.get(alternatives.subject);
  const preferred = withAlternative(dispatch, name);
  if (preferred === dispatch || !alternatives) return by(dispatch);
  try {
    return await by(preferred);
  } catch (error) {
    if (!(error instanceof CompileError)) throw error;
    const { subject, asIs } = alternatives;
    preferences?.set(subject, asIs);
    device.choices.note({
      subject,
      chosen: asIs,
      why: { kind: 'notCompiled', ...(name && { name }), fault: error.reason },
    });
    return by(dispatch);
  }
}

export class Program {
  #dispatchesPerSubmit = 64;

  private constructor(
    readonly label: string,
    private readonly device: Device,
    private readonly baked: readonly Baked[],
    private readonly paramsBuffer: DeviceBuffer,
  ) {}

  get numDispatches(): number {
    return this.baked.length;
  }

  /** Labels in order, for profiles. */
  get labels(): string[] {
    return this.baked.map((dispatch) => dispatch.label);
  }

  /** Compiles all pipelines side by side, then bakes. */
  static async compile(kernels: Kernels, label: string, recorded: readonly Dispatch<BufferRange>[]): Promise<Program> {
    const { device } = kernels;
    const settled = await Promise.all(recorded.map((dispatch) => settle(kernels, dispatch)));
    const stride = device.limits.minUniformBufferOffsetAlignment;
    const params = new Uint8Array(stride * Math.max(1, settled.length));
    settled.forEach(({ dispatch, kernel }, i) => {
      const packed = new Uint8Array(kernel.packParams(dispatch.params));
      if (packed.byteLength > stride) throw new Error(`${kernel.spec.shader}: Params is larger than ${stride} bytes`);
      params.set(packed, i * stride);
    });
    const paramsBuffer = device.createBuffer(`${label}.params`, params.byteLength, 0x40 | 0x08); // UNIFORM | COPY_DST
    device.gpu.queue.writeBuffer(gpuBuffer(paramsBuffer), 0, params);
    const baked = settled.map(({ dispatch, kernel, pipeline }, i): Baked => {
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
      // Of a dispatch with alternatives, some memory may be another one's.
      const isSurplus = given.length > needed.length && !dispatch.alternatives;
      if (isSurplus || needed.some((name) => !(name in dispatch.bindings))) {
        throw new Error(
          `${dispatch.label}: ${kernel.spec.shader}.wgsl binds ${needed.join(', ')}; got ${given.join(', ')}`,
        );
      }
      const entries: GPUBindGroupEntry[] = [
        { binding: 0, resource: { buffer: gpuBuffer(paramsBuffer), offset: i * stride, size: stride } },
        ...kernel.bindings.map(({ name, index }) => {
          const { buffer, offset, size } = dispatch.bindings[name] as BufferRange;
          return { binding: index, resource: { buffer: gpuBuffer(buffer), offset, size } };
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
    for (const baked of this.baked.slice(from, to)) record(pass, baked);
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
    if (!this.device.gpu.features.has('timestamp-query')) return undefined;
    const totals = new Map<string, { ms: number; count: number }>();
    const times = await timePasses(
      this.device,
      this.baked.map((baked) => (pass) => record(pass, baked)),
    );
    this.baked.forEach(({ label }, i) => {
      const kind = label.replace(/:.*$/, '');
      const total = totals.get(kind) ?? { ms: 0, count: 0 };
      totals.set(kind, { ms: total.ms + (times[i] as number), count: total.count + 1 });
    });
    return totals;
  }

  /** Milliseconds of so many runs one after another: by the device's clock, or by ours until it is idle. */
  async time(runs: number): Promise<number> {
    const recordRuns = (pass: GPUComputePassEncoder) => {
      for (let run = 0; run < runs; run++) for (const baked of this.baked) record(pass, baked);
    };
    if (this.device.gpu.features.has('timestamp-query')) {
      return (await timePasses(this.device, [recordRuns]))[0] as number;
    }
    const startMs = performance.now();
    const encoder = this.device.gpu.createCommandEncoder({ label: this.label });
    const pass = encoder.beginComputePass({ label: this.label });
    recordRuns(pass);
    pass.end();
    this.device.gpu.queue.submit([encoder.finish()]);
    await this.device.idle();
    return performance.now() - startMs;
  }

  destroy(): void {
    this.device.destroyBuffer(this.paramsBuffer);
  }
}
