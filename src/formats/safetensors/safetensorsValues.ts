// The numbers of a stored tensor: half and brain floats widened to float32, integers as the typed array of their type.
// Bytes are little-endian, as is every machine WebGPU runs on.
import type { StoredTensor } from '../huggingface/folder';
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

/** Values of any stored type: F16 and BF16 as float32, 64-bit integers as bigints. A view on the file if it can be. */
export function tensorValues(tensor: RawTensor, name = 'tensor', file = 'model.safetensors'): NumericArray {
  const { bytes, dtype } = tensor;
  switch (dtype) {
    case 'F32':
      return view(Float32Array, bytes);
    case 'BF16':
      return widenBfloat16(view(Uint16Array, bytes));
    case 'F16':
      return widenFloat16(view(Uint16Array, bytes));
    case 'F64':
      return view(Float64Array, bytes);
    case 'I64':
      return view(BigInt64Array, bytes);
    case 'U64':
      return view(BigUint64Array, bytes);
    case 'I32':
      return view(Int32Array, bytes);
    case 'U32':
      return view(Uint32Array, bytes);
    case 'I16':
      return view(Int16Array, bytes);
    case 'U16':
      return view(Uint16Array, bytes);
    case 'I8':
      return view(Int8Array, bytes);
    case 'U8':
    case 'BOOL':
      return bytes;
    case 'F8_E4M3':
    case 'F8_E5M2':
    case 'F8_E8M0':
    case 'C64':
      throw new SafetensorsError(
        'unreadable_type',
        file,
        `tensor ${JSON.stringify(name)}: values of type ${dtype} are not read`,
        name,
      );
    default:
      return dtype satisfies never;
  }
}

/** Values as float32, for weights: F32, F16 and BF16 only. Throws SafetensorsError for another type. */
export function floatValues(tensor: RawTensor, name = 'tensor', file = 'model.safetensors'): Float32Array {
  const values = tensorValues(tensor, name, file);
  if (values instanceof Float32Array) return values;
  throw new SafetensorsError(
    'unreadable_type',
    file,
    `tensor ${JSON.stringify(name)}: ${tensor.dtype} where F32, F16 or BF16 is needed`,
    name,
  );
}

/** A float32 tensor as it is stored. Its bytes are a view on the values. */
export function storeFloats({ shape, data }: StoredTensor): RawTensor {
  return { dtype: 'F32', shape, bytes: new Uint8Array(data.buffer, data.byteOffset, data.byteLength) };
}

interface TypedArrayConstructor<T> {
  readonly BYTES_PER_ELEMENT: number;
  new (buffer: ArrayBufferLike, byteOffset: number, length: number): T;
}

/** A typed array over the bytes; over a copy of them where the type's alignment forbids a view. */
function view<T>(type: TypedArrayConstructor<T>, bytes: Uint8Array): T {
  const aligned = bytes.byteOffset % type.BYTES_PER_ELEMENT === 0 ? bytes : bytes.slice();
  return new type(aligned.buffer, aligned.byteOffset, bytes.length / type.BYTES_PER_ELEMENT);
}

function widenBfloat16(halves: Uint16Array): Float32Array {
  const bits = new Uint32Array(halves.length);
  for (let i = 0; i < halves.length; i++) bits[i] = (halves[i] as number) << 16;
  return new Float32Array(bits.buffer);
}

/** IEEE half: 1 sign, 5 exponent (bias 15), 10 fraction bits. */
function widenFloat16(halves: Uint16Array): Float32Array {
  const values = new Float32Array(halves.length);
  for (let i = 0; i < halves.length; i++) {
    const half = halves[i] as number;
    const exponent = (half >> 10) & 0x1f;
    const fraction = half & 0x3ff;
    let magnitude: number;
    if (exponent === 0) magnitude = fraction * 2 ** -24;
    else if (exponent === 0x1f) magnitude = fraction === 0 ? Number.POSITIVE_INFINITY : Number.NaN;
    else magnitude = (1024 + fraction) * 2 ** (exponent - 25);
    values[i] = half & 0x8000 ? -magnitude : magnitude;
  }
  return values;
}
