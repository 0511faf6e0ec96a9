// Typed arrays over bytes that lie anywhere. Bytes are little-endian, as is every machine that WebGPU runs on.

interface TypedArrayConstructor<T> {
  readonly BYTES_PER_ELEMENT: number;
  new (buffer: ArrayBufferLike, byteOffset: number, length: number): T;
}

/** A typed array over the bytes; over a copy of them where the type's alignment forbids a view. */
export function viewOf<T>(type: TypedArrayConstructor<T>, bytes: Uint8Array): T {
  // Not by slice: that of Node's Buffer copies nothing.
  const aligned = bytes.byteOffset % type.BYTES_PER_ELEMENT === 0 ? bytes : new Uint8Array(bytes);
  return new type(aligned.buffer, aligned.byteOffset, bytes.length / type.BYTES_PER_ELEMENT);
}

/** The bytes of a typed array: a view on it. */
export function bytesOf(array: ArrayBufferView): Uint8Array {
  return new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
}
