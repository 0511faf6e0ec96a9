// Writing the safetensors format: what is read by safetensors.ts.
import { storedBytes } from '../../lib/tensors/storedTensor';
import type { RawTensor } from './safetensors';

/** What a header says of a tensor. */
type Described = Pick<RawTensor, 'dtype' | 'shape'>;

/** The bytes before the tensors' own: tensors in the order given, data from a multiple of 8. Equal input gives equal bytes. */
export function writeSafetensorsHeader(
  tensors: Iterable<readonly [string, Described]>,
  metadata: Readonly<Record<string, string>> = { format: 'pt' },
): Uint8Array {
  const entries = [`"__metadata__":${JSON.stringify(metadata)}`];
  let end = 0;
  for (const [name, tensor] of tensors) {
    const begin = end;
    end += storedBytes(tensor);
    const { dtype, shape } = tensor;
    entries.push(`${JSON.stringify(name)}:${JSON.stringify({ dtype, shape, data_offsets: [begin, end] })}`);
  }
  const json = new TextEncoder().encode(`{${entries.join(',')}}`);
  const header = new Uint8Array(Math.ceil((8 + json.length) / 8) * 8).fill(0x20);
  new DataView(header.buffer).setBigUint64(0, BigInt(header.length - 8), true);
  header.set(json, 8);
  return header;
}

/** The bytes of a file of tensors in memory. */
export function writeSafetensors(
  tensors: Iterable<readonly [string, RawTensor]>,
  metadata?: Readonly<Record<string, string>>,
): Uint8Array {
  const list = [...tensors];
  const header = writeSafetensorsHeader(list, metadata);
  const file = new Uint8Array(header.length + list.reduce((sum, [, { bytes }]) => sum + bytes.length, 0));
  file.set(header);
  let at = header.length;
  for (const [, { bytes }] of list) {
    file.set(bytes, at);
    at += bytes.length;
  }
  return file;
}
