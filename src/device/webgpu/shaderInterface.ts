// What a shader asks for, read from its text: the text is the one truth for the names and order of bindings and
// parameters. It is read line by line, which is cheaper than to link a module that is never used, and refuses what it
// does not understand.
import { ShaderFormError } from '../errors';

export interface BindingInfo {
  readonly name: string;
  readonly index: number;
  readonly access: 'read' | 'read_write';
}

type Scalar = 'u32' | 'i32' | 'f32';

export interface ParamInfo {
  readonly name: string;
  readonly type: Scalar;
}

export interface ShaderInterface {
  /** Storage variables. */
  readonly bindings: readonly BindingInfo[];
  /** Fields of `struct Params`, in order. */
  readonly params: readonly ParamInfo[];
}

const CONDITION = /^@if\((!?)(\w+)\)\s*/;
const STORAGE = /^@group\(0\)\s*@binding\((\d+)\)\s*var<storage(?:,\s*(read_write|read))?>\s*(\w+)\s*:[^:;]+;$/;
const UNIFORM = /^@group\(0\)\s*@binding\(0\)\s*var<uniform>\s*params\s*:\s*Params;$/;
const DECLARATION = /@group|@binding|var<(?:storage|uniform)/;
const STRUCT = /\bstruct\s+Params\b/;
const FIELD = /^(\w+)\s*:\s*(u32|i32|f32),?$/;

/**
 * @param conditions that hold; others do not.
 * @throws ShaderFormError at a declaration, a condition of one or a field of another form than a line each.
 */
export function readInterface(
  shader: string,
  source: string,
  conditions: Readonly<Record<string, boolean>> = {},
): ShaderInterface {
  const bindings: BindingInfo[] = [];
  const params: ParamInfo[] = [];
  let isInParams = false;
  let hasParams = false;
  for (const [i, line] of source.split('\n').entries()) {
    const text = line.replace(/\/\/.*$/, '').trim();
    const refuse = (needed: string) => new ShaderFormError(shader, i + 1, line.trim(), needed);
    const [prefix = '', not, condition] = CONDITION.exec(text) ?? [];
    const isActive = condition === undefined || Boolean(conditions[condition]) !== (not === '!');
    const statement = text.slice(prefix.length);
    if (STRUCT.test(text)) {
      if (text !== 'struct Params {' || hasParams) throw refuse('one `struct Params {` on a line of its own');
      isInParams = true;
      hasParams = true;
    } else if (isInParams && text.startsWith('}')) {
      isInParams = false;
    } else if (isInParams && text !== '') {
      const [, name, type] = FIELD.exec(statement) ?? [];
      if (name === undefined)
        throw refuse('a field of u32, i32 or f32, with @if(name) or @if(!name) before it at most');
      if (isActive) params.push({ name, type: type as Scalar });
    } else if (DECLARATION.test(text) && !UNIFORM.test(statement)) {
      const [, index, access, name] = STORAGE.exec(statement) ?? [];
      if (name === undefined) {
        throw refuse(
          '`@group(0) @binding(n) var<storage, read or read_write> name: type;` or the uniform `params: Params`',
        );
      }
      if (isActive) bindings.push({ name, index: Number(index), access: access === 'read_write' ? access : 'read' });
    }
  }
  return { bindings, params };
}

/** Packs values as a shader's `struct Params`. @throws Error at a missing or unknown name. */
export function packParams(
  shader: string,
  fields: readonly ParamInfo[],
  params: Readonly<Record<string, number>>,
): ArrayBuffer {
  const known = new Set(fields.map((field) => field.name));
  for (const name of Object.keys(params)) {
    if (!known.has(name)) throw new Error(`${shader}.wgsl has no parameter '${name}'; it has ${[...known].join(', ')}`);
  }
  const view = new DataView(new ArrayBuffer(Math.max(16, Math.ceil(fields.length / 4) * 16)));
  fields.forEach(({ name, type }, i) => {
    const value = params[name];
    if (value === undefined || Number.isNaN(value))
      throw new Error(`${shader}.wgsl needs parameter '${name}', got ${value}`);
    if (type === 'f32') view.setFloat32(i * 4, value, true);
    else if (type === 'i32') view.setInt32(i * 4, value, true);
    else view.setUint32(i * 4, value, true);
  });
  return view.buffer;
}
