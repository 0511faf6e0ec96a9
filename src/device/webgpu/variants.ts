// Variants: versions of a kernel for what only some devices have, such as subgroups. A variant is used only where it
// gave, on the very device, what the portable version gives: drivers lie, and a wrong sum looks like bad luck in training.
import { type DeviceBuffer, whole } from '../contract';
import { type KernelSpec, type SelfTest, settledOn } from '../dispatch';
import type { Connection } from './connection';
import type { Kernel } from './kernel';
import { WebGpuProgram } from './program';
import { WebGpuReadback } from './readback';

/**
 * Largest difference from the portable version, as a share of the largest number. A variant adds the same numbers in the
 * same order, but of two versions a compiler may fuse a product with a sum in only one.
 */
const TOLERANCE = 1e-6;

function findDifference(
  name: string,
  isFloat: boolean,
  portable: ArrayBuffer,
  variant: ArrayBuffer,
): string | undefined {
  const numbers = (bytes: ArrayBuffer) => Array.from(isFloat ? new Float32Array(bytes) : new Uint32Array(bytes));
  const [expected, got] = [numbers(portable), numbers(variant)];
  const bound = isFloat ? TOLERANCE * expected.reduce((most, value) => Math.max(most, Math.abs(value)), 0) : 0;
  // Written so that a NaN is a difference.
  const at = got.findIndex((value, i) => !(Math.abs(value - (expected[i] as number)) <= bound));
  return at < 0 ? undefined : `${name}[${at}] is ${got[at]} for ${expected[at]}`;
}

export class VariantTests {
  readonly #readback: WebGpuReadback;

  /** @param selfTests of a kernel with a variant. */
  constructor(
    private readonly device: Connection,
    private readonly selfTests: (spec: KernelSpec) => readonly SelfTest[],
  ) {
    this.#readback = new WebGpuReadback(device);
  }

  /** Whether the variant may take the portable version's place on this device; notes the answer among the device's choices. */
  async passes(portable: Kernel, variant: Kernel, name: string): Promise<boolean> {
    const { shader, conditions = {} } = portable.spec;
    const active = Object.entries(conditions).flatMap(([condition, isOn]) => (isOn ? [condition] : []));
    const fault = await this.#findFault(portable, variant);
    // Nothing is kept beside what was planned for a run.
    this.#readback.destroy();
    this.device.choices.note({
      subject: [`${name} in ${shader}`, ...active].join(', '),
      chosen: fault === undefined ? name : 'portable',
      why: fault === undefined ? { kind: 'passed' } : { kind: 'failed', fault },
    });
    return fault === undefined;
  }

  async #findFault(portable: Kernel, variant: Kernel): Promise<string | undefined> {
    const tests = this.selfTests(portable.spec);
    if (tests.length === 0) return 'there is none for this variant';
    try {
      await variant.pipeline;
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    }
    for (const test of tests) {
      const [expected, got] = [await this.#run(portable, test), await this.#run(variant, test)];
      for (const [name, bytes] of expected) {
        const isFloat = test.bindings[name] instanceof Float32Array;
        const difference = findDifference(name, isFloat, bytes, got.get(name) as ArrayBuffer);
        if (difference) return difference;
      }
    }
    return undefined;
  }

  /** What the kernel's writable bindings hold after a run. */
  async #run(kernel: Kernel, test: SelfTest): Promise<Map<string, ArrayBuffer>> {
    const { device } = this;
    const buffers = new Map(
      Object.entries(test.bindings).map(([name, data]) => {
        const buffer = device.createBuffer(`Variants.${name}`, data.byteLength);
        device.write(buffer, data);
        return [name, buffer];
      }),
    );
    const bindings = Object.fromEntries([...buffers].map(([name, buffer]) => [name, whole(buffer)]));
    const dispatch = settledOn({ ...test, bindings });
    const program = await WebGpuProgram.compile({ device, get: () => kernel }, 'Variants.selfTest', [dispatch]);
    try {
      program.submit();
      const written = kernel.bindings.filter((binding) => binding.access === 'read_write').map(({ name }) => name);
      const ranges = written.map((name) => ({
        buffer: buffers.get(name) as DeviceBuffer,
        offset: 0,
        size: (test.bindings[name] as Float32Array).byteLength,
      }));
      const bytes = await this.#readback.read(ranges);
      return new Map(written.map((name, i) => [name, bytes[i] as ArrayBuffer]));
    } finally {
      program.destroy();
      for (const buffer of buffers.values()) device.destroyBuffer(buffer);
    }
  }
}
