// The compiled operations (wasm/).
import type { Form } from './forms';

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

export async function compileOperations(form: Form, bytes: Promise<BufferSource | Response>): Promise<Operations> {
  const source = await bytes;
  const module = await (source instanceof Response
    ? WebAssembly.compileStreaming(source)
    : WebAssembly.compile(source));
  const [section] = WebAssembly.Module.customSections(module, 'operations');
  const fields = new Map(
    Object.entries(JSON.parse(new TextDecoder().decode(section)) as Record<string, readonly Field[]>),
  );
  return { form, module, fields, names: [...fields.keys()] };
}
