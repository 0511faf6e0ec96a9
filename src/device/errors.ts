// What can go wrong between the program and what computes, in words a person can act on.
import { SoliloquyError } from '../lib/errors';

export class WebGpuMissingError extends SoliloquyError {
  readonly code = 'webgpu_missing';
}

/** This engine cannot run the operations of the device on the processor. */
export class SimdMissingError extends SoliloquyError {
  readonly code = 'simd_missing';
}

/** Neither a graphics device nor the processor can compute here. */
export class NoDeviceError extends SoliloquyError {
  readonly code = 'no_device';
  /** @param gpuFault @param cpuFault what was said of either. */
  constructor(gpuFault: string, cpuFault: string) {
    super(
      `Nothing here can compute. On the graphics device: ${gpuFault} On the processor: ${cpuFault}`,
      'Use a current browser: WebAssembly with SIMD, or WebGPU, is needed.',
    );
  }
}

export class DeviceTooSmallError extends SoliloquyError {
  readonly code = 'device_too_small';
  /** @param what needs it. */
  constructor(limit: string, got: number, needed: number, remedy: string, what?: string) {
    const purpose = what === undefined ? '' : ` for ${what}`;
    // Limits named sizes are in bytes.
    const say = (value: number) => (/Size$/.test(limit) ? `${Number((value / 1e6).toPrecision(3))} MB` : String(value));
    super(`This device allows ${limit} = ${say(got)}, but ${say(needed)} is needed${purpose}.`, remedy);
  }
}

/** Half precision was asked for where shaders cannot compute with it. */
export class HalfPrecisionError extends SoliloquyError {
  readonly code = 'no_half_precision';
}

export class OutOfMemoryError extends SoliloquyError {
  readonly code = 'out_of_memory';
}

export class DeviceLostError extends SoliloquyError {
  readonly code = 'device_lost';
  constructor(reason: string) {
    super(
      `The device was lost (${reason || 'no reason given'}).`,
      'Reconnect, or start the program again, and go on from the last checkpoint.',
    );
  }
}

/** The device, or the browser in its place, does not answer. */
export class DeviceSilentError extends SoliloquyError {
  readonly code = 'device_silent';
  /** @param what was waited for. */
  constructor(what: string, limitMs: number) {
    super(
      `The device has not answered for ${limitMs / 60_000} minutes; ${what} was waited for.`,
      'Its driver may hang. Close other programs that use it and start again; if that does not help, ' +
        'restart the browser or the machine.',
    );
  }
}

/** A mistake of this program found by WebGPU's validation. */
export class GpuValidationError extends SoliloquyError {
  readonly code = 'gpu_validation';
  constructor(message: string) {
    super(
      `The graphics device refused a command: ${message}`,
      'This is a fault of the program; please report this text.',
    );
  }
}

/** A kernel that the device's compiler refuses: a fault of the program, unless another kernel can take its place. */
export class CompileError extends SoliloquyError {
  readonly code = 'shader_not_compiled';

  /** @param complaints of the compiler, a line each. */
  constructor(
    kernel: string,
    private readonly complaints: readonly string[],
    options: { cause: unknown },
  ) {
    super(
      [`The shader ${kernel} did not compile:`, ...complaints].join('\n'),
      'This is a fault of the program or of the graphics driver; please report this text.',
      options,
    );
  }

  /** The first complaint, or what the driver says where the compiler has none. */
  get reason(): string {
    const { cause } = this;
    const [first = cause instanceof Error ? cause.message : String(cause)] = this.complaints;
    return first.split('\n', 1)[0] as string;
  }
}

/** A shader is written in a form that is not understood where its text is read: a fault of the program. */
export class ShaderFormError extends SoliloquyError {
  readonly code = 'shader_form';

  constructor(shader: string, line: number, found: string, needed: string) {
    super(
      `${shader}.wgsl, line ${line}: found \`${found}\`; needed ${needed}.`,
      'This is a fault of the program; please report this text.',
    );
  }
}
