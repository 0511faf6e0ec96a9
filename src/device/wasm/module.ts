// The compiled operations (wasm/), in a form that this engine can run.
import type { CpuUse } from '../contract';
import { SimdMissingError } from '../errors';

export type Form = CpuUse['form'];

/** A field of an operation's arguments: see wasm/lib/types.ts. */
export type Field = readonly [name: string, type: 'Address' | 'Condition' | 'Constant' | 'u32' | 'i32' | 'f32'];

export interface Operations {
  readonly form: Form;
  readonly module: WebAssembly.Module;
  /** By the name of their shader. */
  readonly fields: ReadonlyMap<string, readonly Field[]>;
  /** In the order of their places in the table that programs call them by. */
  readonly names: readonly string[];
}

/** What threads are made from: plain data that may be posted. */
export interface ThreadStart {
  readonly module: WebAssembly.Module;
  readonly memory: WebAssembly.Memory;
  readonly names: readonly string[];
  /** Address of its scratch memory. */
  readonly scratch: number;
}

/** @throws SimdMissingError where the engine lacks the instructions. */
export async function compileOperations(form: Form, bytes: BufferSource | Promise<Response>): Promise<Operations> {
  const module = await compile(form, bytes);
  const [section] = WebAssembly.Module.customSections(module, 'operations');
  const fields = new Map(
    Object.entries(JSON.parse(new TextDecoder().decode(section)) as Record<string, readonly Field[]>),
  );
  return { form, module, fields, names: [...fields.keys()] };
}

async function compile(form: Form, bytes: BufferSource | Promise<Response>): Promise<WebAssembly.Module> {
  try {
    return await (bytes instanceof Promise ? WebAssembly.compileStreaming(bytes) : WebAssembly.compile(bytes));
  } catch (cause) {
    if (!(cause instanceof WebAssembly.CompileError)) throw cause;
    throw new SimdMissingError(
      `This program cannot run WebAssembly ${form === 'scalar' ? 'with threads' : 'with SIMD'} (${cause.message}).`,
      'Use a browser of 2023 or newer, or Node 20 or newer.',
      { cause },
    );
  }
}
