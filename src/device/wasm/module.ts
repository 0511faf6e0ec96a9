// The compiled operations (wasm/).
import type { CompiledForm, Form } from './forms';

/** A field of an operation's arguments: see wasm/lib/types.ts. */
export type Field = readonly [name: string, type: 'Address' | 'Condition' | 'Constant' | 'u32' | 'i32' | 'f32'];

/** Gives what an instance of a module exports. */
type Instantiate = (imports: { readonly env: { readonly memory: { readonly buffer: ArrayBuffer } } }) => object;

/** The module that scripts/wasmInJavaScript.mjs writes. */
export interface Translation {
  readonly instantiate: Instantiate;
  readonly operations: Readonly<Record<string, readonly Field[]>>;
}

export interface Operations {
  readonly form: Form;
  readonly module: WebAssembly.Module | Instantiate;
  /** By the name of their shader. */
  readonly fields: ReadonlyMap<string, readonly Field[]>;
  /** In the order of their places in the table that programs call them by. */
  readonly names: readonly string[];
}

/** What threads are made from: plain data that may be posted. */
export interface ThreadStart {
  readonly module: Operations['module'];
  readonly memory: WebAssembly.Memory;
  readonly names: readonly string[];
  /** Address of its scratch memory. */
  readonly scratch: number;
}

function named(form: Form, module: Operations['module'], operations: Translation['operations']): Operations {
  const fields = new Map(Object.entries(operations));
  return { form, module, fields, names: [...fields.keys()] };
}

export async function compileOperations(
  form: CompiledForm,
  bytes: Promise<BufferSource | Response>,
): Promise<Operations> {
  const source = await bytes;
  const module = await (source instanceof Response
    ? WebAssembly.compileStreaming(source)
    : WebAssembly.compile(source));
  const [section] = WebAssembly.Module.customSections(module, 'operations');
  return named(form, module, JSON.parse(new TextDecoder().decode(section)));
}

/** The same, translated to JavaScript. */
export async function translatedOperations(translation: Promise<Translation>): Promise<Operations> {
  const { instantiate, operations } = await translation;
  return named('javascript', instantiate, operations);
}
