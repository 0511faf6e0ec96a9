// The numbers of a tensor in memory: small floats widened to float32, integers as the typed array of their type.
import { widen } from '../../lib/tensors/convert';
import { isFloat } from '../../lib/tensors/dtype';
import { viewOf } from '../../lib/tensors/views';
import type { RawTensor } from './safetensors';
import { SafetensorsError } from './safetensorsError';

export type NumericArray =
  | Float32Array
  | Float64Array
  | Int8Array
  | Uint8Array
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array
  | BigInt64Array
  | BigUint64Array;

/**
 * Values of any stored type: floats of at most 32 bits as float32, 64-bit integers as bigints. A view on the file if it
 * can be.
 */
export function tensorValues(tensor: RawTensor, name = 'tensor', file = 'model.safetensors'): NumericArray {
  const { bytes, dtype } = tensor;
  if (isFloat(dtype)) return widen(dtype, bytes);
  switch (dtype) {
    case 'F64':
      return viewOf(Float64Array, bytes);
    case 'I64':
      return viewOf(BigInt64Array, bytes);
    case 'U64':
      return viewOf(BigUint64Array, bytes);
    case 'I32':
      return viewOf(Int32Array, bytes);
    case 'U32':
      return viewOf(Uint32Array, bytes);
    case 'I16':
      return viewOf(Int16Array, bytes);
    case 'U16':
      return viewOf(Uint16Array, bytes);
    case 'I8':
      return viewOf(Int8Array, bytes);
    case 'U8':
    case 'BOOL':
      return bytes;
    case 'F8_E5M2':
    case 'F8_E8M0':
    case 'C64':
      throw unreadable(file, name, `values of type ${dtype} are not read`);
    default:
      return dtype satisfies never;
  }
}

/** That a tensor's numbers are of a type that weights do not have. */
export function notFloats(file: string, name: string, dtype: string): SafetensorsError {
  return unreadable(file, name, `${dtype} where F32, F16, BF16 or F8_E4M3 is needed`);
}

function unreadable(file: string, name: string, problem: string): SafetensorsError {
  return new SafetensorsError('unreadable_type', file, `tensor ${JSON.stringify(name)}: ${problem}`, name);
}
