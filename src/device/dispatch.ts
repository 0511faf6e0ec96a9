// What is asked of a device: a kernel, its parameters, its memory. Nothing here knows how a device computes it.

/** Which shader, with what compiled into it. */
export interface KernelSpec {
  /** File name in shaders/ without `.wgsl`. */
  readonly shader: string;
  /** Compile-time numbers, imported in the shader as `constants::NAME`. */
  readonly constants?: Readonly<Record<string, number>>;
  /** WESL conditions for `@if(name)`. */
  readonly conditions?: Readonly<Record<string, boolean>>;
  /**
   * A feature that only some devices have, for which the kernel has a variant: the same shader with the condition of that
   * name. Whether it is used is the device's affair; else the kernel is the portable one.
   */
  readonly variant?: 'subgroups';
}

/** The same for two specs of the same kernel. */
export function kernelKey({ shader, constants = {}, conditions = {}, variant }: KernelSpec): string {
  return JSON.stringify([shader, constants, conditions, ...(variant ? [variant] : [])]);
}

/** A kernel and how it is started. */
export interface Launch {
  readonly kernel: KernelSpec;
  /** Values of the shader's `struct Params`, by field. */
  readonly params: Readonly<Record<string, number>>;
  readonly workgroups: readonly [x: number, y: number, z: number];
}

/** Launches that do the same with the same memory, to the bit; which one runs is settled when a program is compiled. */
export interface Alternatives {
  /** What one preference holds for, e.g. `a·bᵀ, small`. */
  readonly subject: string;
  readonly launches: Readonly<Record<string, Launch>>;
  /** What the dispatch as it is, without any of them, is called. */
  readonly asIs: string;
}

/** One dispatch. `T` is what stands for memory: a buffer range, or a tensor that is not placed yet. */
export interface Dispatch<T> extends Launch {
  /** `Owner.thing[:detail]`, for profiles and error messages. */
  readonly label: string;
  /**
   * Memory for each of the shader's storage variables, by name; where there are alternatives, for those of each of
   * their shaders.
   */
  readonly bindings: Readonly<Record<string, T>>;
  readonly alternatives?: Alternatives;
}

/** The dispatch with its kernel's version for weights in half precision (shaders/lib/vectors.wgsl). */
export function inHalfPrecision<T>(dispatch: Dispatch<T>): Dispatch<T> {
  const half = <L extends Launch>(launch: L): L => {
    const { kernel } = launch;
    return { ...launch, kernel: { ...kernel, conditions: { ...kernel.conditions, half: true } } };
  };
  const { alternatives } = dispatch;
  if (!alternatives) return half(dispatch);
  const launches = Object.entries(alternatives.launches).map(([name, launch]) => [name, half(launch)]);
  return half({ ...dispatch, alternatives: { ...alternatives, launches: Object.fromEntries(launches) } });
}

/** The dispatch by one of its alternatives, or as it is where it has none of that name. */
export function withAlternative<T>(dispatch: Dispatch<T>, name: string | undefined): Dispatch<T> {
  const launch = name === undefined ? undefined : dispatch.alternatives?.launches[name];
  return launch ? { ...dispatch, ...launch } : dispatch;
}

/** The dispatch by one of its alternatives, or as it is, whatever a device prefers. */
export function settledOn<T>(dispatch: Dispatch<T>, name?: string): Dispatch<T> {
  const { alternatives } = dispatch;
  const settled = withAlternative(dispatch, name);
  return alternatives ? { ...settled, alternatives: { ...alternatives, launches: {} } } : settled;
}

/** A dispatch with small, awkward input, by which versions of its kernel are compared. */
export type SelfTest = Dispatch<Float32Array | Uint32Array>;
