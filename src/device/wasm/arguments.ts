// The arguments of an operation: its dispatch's parameters, constants, conditions and memory, laid out as its source
// declares them.
import type { BufferRange } from '../contract';
import type { Dispatch } from '../dispatch';
import { addressOf } from './buffer';
import type { Field } from './module';
import { ARGUMENT_BYTES } from './processor';

const FIELD_BYTES = 4;

/** @param view of ARGUMENT_BYTES. */
export function writeArguments(view: DataView, fields: readonly Field[], dispatch: Dispatch<BufferRange>): void {
  if (fields.length * FIELD_BYTES > ARGUMENT_BYTES) throw new Error(`${dispatch.kernel.shader}: too many arguments`);
  fields.forEach(([name, type], i) => {
    const value = valueOfField(name, type, dispatch);
    if (type === 'f32') view.setFloat32(i * FIELD_BYTES, value, true);
    else view.setUint32(i * FIELD_BYTES, value, true);
  });
}

function valueOfField(
  name: string,
  type: Field[1],
  { label, kernel, params, bindings }: Dispatch<BufferRange>,
): number {
  switch (type) {
    case 'Address': {
      const range = bindings[name];
      return range ? addressOf(range.buffer) + range.offset : 0;
    }
    case 'Condition':
      return kernel.conditions?.[name] ? 1 : 0;
    case 'Constant':
      return kernel.constants?.[name] ?? 0;
    default: {
      const value = params[name];
      if (value === undefined) throw new Error(`${label}: wasm's ${kernel.shader} needs the parameter ${name}`);
      return value;
    }
  }
}
