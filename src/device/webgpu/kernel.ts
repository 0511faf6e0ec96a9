// Kernels: WESL-linked shader modules as cached pipelines.
import { link } from 'wesl';
import { type KernelSpec, kernelKey } from '../dispatch';
import { CompileError, DeviceLostError, DeviceSilentError } from '../errors';
import type { Connection } from './connection';
import { type BindingInfo, packParams, readInterface } from './shaderInterface';
import { unroll } from './unroll';

export interface Kernel {
  readonly spec: KernelSpec;
  readonly bindings: readonly BindingInfo[];
  /** Packs parameters as the shader's `struct Params`; throws on a missing or unknown name. */
  packParams(params: Readonly<Record<string, number>>): ArrayBuffer;
  readonly pipeline: Promise<GPUComputePipeline>;
}

/** Says whether a variant may take the place of the portable kernel. */
export interface VariantJudge {
  passes(portable: Kernel, variant: Kernel, name: string): Promise<boolean>;
}

/**
 * What WGSL wants to be told first for a condition. That all of a subgroup take the same turns, the language's analysis only
 * sees where all of a workgroup do; variants are tested on the device instead.
 */
const DIRECTIVES = {
  subgroups: 'enable subgroups;\ndiagnostic(off, subgroup_uniformity);\n',
  half: 'enable f16;\n',
} as const;

/** Finds, links and compiles kernels, each once. */
export class KernelCache {
  readonly #kernels = new Map<string, Kernel>();

  /**
   * @param sources WGSL text by path relative to shaders/, e.g. `lib/rng.wgsl`.
   * @param variants without it, every kernel is the portable one.
   */
  constructor(
    readonly device: Connection,
    readonly sources: Readonly<Record<string, string>>,
    readonly variants?: VariantJudge,
  ) {}

  get(spec: KernelSpec): Kernel {
    const key = kernelKey(spec);
    let kernel = this.#kernels.get(key);
    if (!kernel) {
      const source = this.sources[`${spec.shader}.wgsl`];
      if (source === undefined) throw new Error(`there is no shader '${spec.shader}.wgsl'`);
      const { bindings, params } = readInterface(spec.shader, source, spec.conditions);
      kernel = {
        spec,
        bindings,
        packParams: (values) => packParams(spec.shader, params, values),
        pipeline: spec.variant ? this.#choose(spec, spec.variant) : this.#compile(spec, key),
      };
      this.#kernels.set(key, kernel);
    }
    return kernel;
  }

  /** The variant's pipeline where the device has the feature and the variant passes, else the portable one's. */
  async #choose({ variant: _, ...spec }: KernelSpec, feature: 'subgroups'): Promise<GPUComputePipeline> {
    const portable = this.get(spec);
    if (!this.variants || !this.device.features.has(feature)) return portable.pipeline;
    const variant = this.get({ ...spec, conditions: { ...spec.conditions, [feature]: true } });
    if (!(await this.variants.passes(portable, variant, feature))) return portable.pipeline;
    this.device.usedFeatures.add(feature);
    return variant.pipeline;
  }

  /** The pipeline of a kernel. Throws CompileError. */
  async #compile(spec: KernelSpec, label: string): Promise<GPUComputePipeline> {
    const linked = await link({
      weslSrc: this.sources as Record<string, string>,
      rootModuleName: spec.shader,
      conditions: { ...spec.conditions },
      constants: { ...spec.constants },
    });
    const directives = Object.entries(DIRECTIVES).filter(([condition]) => spec.conditions?.[condition]);
    const code = [...directives.map(([, text]) => text), unroll(spec.shader, linked.dest)].join('');
    const { gpu } = this.device;
    // A variant that does not compile is no fault of the program, so the error is told here alone.
    gpu.pushErrorScope('validation');
    const module = gpu.createShaderModule({ label, code });
    void gpu.popErrorScope();
    try {
      const compiling = gpu.createComputePipelineAsync({
        label,
        layout: 'auto',
        compute: { module, entryPoint: 'main' },
      });
      return await this.device.race(compiling, `the kernel ${spec.shader}`);
    } catch (error) {
      if (error instanceof DeviceLostError || error instanceof DeviceSilentError) throw error;
      const info = await this.device.race(module.getCompilationInfo(), `what is wrong with the kernel ${spec.shader}`);
      const lines = code.split('\n');
      const messages = info.messages.map((m) => `${spec.shader}: ${m.message} | ${lines[m.lineNum - 1]?.trim()}`);
      throw new CompileError(label, messages, { cause: error });
    }
  }
}
