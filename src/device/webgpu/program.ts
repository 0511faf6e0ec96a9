// A program: a list of dispatches baked once (pipelines, bind groups, parameters) and replayed.
// It is chopped into submits so that no one of them holds the device for long.
import type { BufferRange, KernelTimes, Program } from '../contract';
import { type Dispatch, withAlternative } from '../dispatch';
import { CompileError } from '../errors';
import { checkWorkgroups } from '../limits';
import { type Connection, gpuBuffer } from './connection';
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
const UNIFORM_AND_COPY_DST = 0x40 | 0x08; // of GPUBufferUsage, a global that is missing in Node

function record(pass: GPUComputePassEncoder, { pipeline, bindGroup, workgroups }: Baked): void {
  pass.setPipeline(pipeline);
  pass.setBindGroup(0, bindGroup);
  pass.dispatchWorkgroups(...workgroups);
}

type Kernels = Pick<KernelCache, 'device' | 'get'>;

/** A dispatch by the kernel that will run it. */
interface Settled {
  readonly dispatch: Dispatch<BufferRange>;
  readonly kernel: Kernel;
  readonly pipeline: GPUComputePipeline;
}

/**
 * The dispatch by its preferred alternative. If that does not compile on this device, it is not preferred any more,
 * which is noted among the device's choices, and the dispatch stays as it is.
 */
async function settle(kernels: Kernels, dispatch: Dispatch<BufferRange>): Promise<Settled> {
  const { device } = kernels;
  const by = async (settled: Dispatch<BufferRange>): Promise<Settled> => {
    const kernel = kernels.get(settled.kernel);
    return { dispatch: settled, kernel, pipeline: await kernel.pipeline };
  };
  const { alternatives } = dispatch;
  const name = alternatives && device.preferences.get(alternatives.subject);
  const preferred = withAlternative(dispatch, name);
  if (preferred === dispatch || !alternatives) return by(dispatch);
  try {
    return await by(preferred);
  } catch (error) {
    if (!(error instanceof CompileError)) throw error;
    const { subject, asIs } = alternatives;
    device.preferences.set(subject, asIs);
    device.choices.note({
      subject,
      chosen: asIs,
      why: { kind: 'notCompiled', ...(name && { name }), fault: error.reason },
    });
    return by(dispatch);
  }
}

export class WebGpuProgram implements Program {
  #dispatchesPerSubmit = 64;

  private constructor(
    readonly label: string,
    private readonly device: Connection,
    private readonly baked: readonly Baked[],
    private readonly paramsBuffer: GPUBuffer,
  ) {}

  get numDispatches(): number {
    return this.baked.length;
  }

  /** Compiles all pipelines side by side, then bakes. */
  static async compile(
    kernels: Kernels,
    label: string,
    recorded: readonly Dispatch<BufferRange>[],
  ): Promise<WebGpuProgram> {
    const { device } = kernels;
    const settled = await Promise.all(recorded.map((dispatch) => settle(kernels, dispatch)));
    const stride = device.gpu.limits.minUniformBufferOffsetAlignment;
    const params = new Uint8Array(device.ownBytes.program(settled.length));
    settled.forEach(({ dispatch, kernel }, i) => {
      const packed = new Uint8Array(kernel.packParams(dispatch.params));
      if (packed.byteLength > stride) throw new Error(`${kernel.spec.shader}: Params is larger than ${stride} bytes`);
      params.set(packed, i * stride);
    });
    const paramsBuffer = device.createBufferFor(UNIFORM_AND_COPY_DST, `${label}.params`, params.byteLength);
    device.gpu.queue.writeBuffer(paramsBuffer, 0, params);
    const baked = settled.map(({ dispatch, kernel, pipeline }, i): Baked => {
      checkWorkgroups(device.limits, dispatch);
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
        { binding: 0, resource: { buffer: paramsBuffer, offset: i * stride, size: stride } },
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
    return new WebGpuProgram(label, device, baked, paramsBuffer);
  }

  submit(as = this.label): void {
    const { profiler } = this.device;
    const size = this.#dispatchesPerSubmit;
    const run = profiler.beginRun(as, this.baked.length, Math.ceil(this.baked.length / size));
    for (let from = 0; from < this.baked.length; from += size) {
      const encoder = this.device.gpu.createCommandEncoder({ label: this.label });
      const timestampWrites = profiler.stampPass(run);
      const pass = encoder.beginComputePass({ label: this.label, ...(timestampWrites && { timestampWrites }) });
      for (const baked of this.baked.slice(from, from + size)) record(pass, baked);
      pass.end();
      this.device.submit(encoder, run);
    }
  }

  tune(elapsedMs: number): void {
    const numSubmits = Math.max(1, Math.ceil(elapsedMs / TARGET_SUBMIT_MS));
    this.#dispatchesPerSubmit = Math.max(4, Math.ceil(this.baked.length / numSubmits));
  }

  async profile(): Promise<KernelTimes | undefined> {
    if (!this.device.features.has('timestamp-query')) return undefined;
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
    if (this.device.features.has('timestamp-query')) {
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
