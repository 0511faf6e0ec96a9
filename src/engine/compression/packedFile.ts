// The file of a compressed text: which model and which bits it was made with, and what is in it. Big-endian.
//   magic 'SLQ1' | flags u8 | model 8 bytes | probe u32 | CRC-32 of the original u32 | pieces varint | bytes varint |
//   length of the device's name u8, the name in UTF-8 | the coder's bytes
import { SoliloquyError } from '../../lib/errors';

/** A file that is none of ours, is damaged, or says what cannot be. */
export class PackedFileError extends SoliloquyError {
  readonly code = 'bad_packed_file';
}

/** A file that another model made, or a device that computes other bits. */
export class PackedElsewhereError extends SoliloquyError {
  readonly code = 'packed_elsewhere';
}

export interface PackedFile {
  readonly isLines: boolean;
  /** `weightsId` of the model. */
  readonly model: string;
  /** What the device makes of a few tokens: a device of the same number computes the same bits. */
  readonly probe: number;
  /** Of the original. */
  readonly crc: number;
  readonly numPieces: number;
  readonly numBytes: number;
  readonly device: string;
  readonly payload: Uint8Array;
}

/** The most that is packed into one file: each token takes a step of the model. */
export const MOST_BYTES = 2 ** 20;

const MAGIC = [0x53, 0x4c, 0x51, 0x31];
const MODEL_BYTES = 8;
const LINES_FLAG = 1;
const MOST_NAME_BYTES = 200;

export function writePackedFile(file: PackedFile): Uint8Array {
  const name = new TextEncoder().encode(file.device).subarray(0, MOST_NAME_BYTES);
  const head = [
    ...MAGIC,
    file.isLines ? LINES_FLAG : 0,
    ...(file.model.match(/../g) ?? []).map((pair) => Number.parseInt(pair, 16)),
    ...u32(file.probe),
    ...u32(file.crc),
    ...varint(file.numPieces),
    ...varint(file.numBytes),
    name.length,
    ...name,
  ];
  const bytes = new Uint8Array(head.length + file.payload.length);
  bytes.set(head);
  bytes.set(file.payload, head.length);
  return bytes;
}

/** Throws PackedFileError. */
export function readPackedFile(bytes: Uint8Array): PackedFile {
  let at = 0;
  const take = (count: number) => {
    if (at + count > bytes.length) throw damaged('ends within its head');
    at += count;
    return bytes.subarray(at - count, at);
  };
  const number = () => take(4).reduce((sum, byte) => sum * 256 + byte, 0);
  const count = () => {
    let value = 0;
    for (let place = 1; place <= MOST_BYTES * 128; place *= 128) {
      const [byte = 0] = take(1);
      value += (byte & 127) * place;
      if (byte < 128) return value;
    }
    throw damaged('has a number that does not end');
  };
  if (bytes.length < 4 || MAGIC.some((byte, i) => bytes[i] !== byte)) {
    throw new PackedFileError('This is no file that compress made.', 'Choose one that it made.');
  }
  take(MAGIC.length);
  const [flags = 0] = take(1);
  if (flags > LINES_FLAG) throw damaged('has flags of a later version');
  const model = Array.from(take(MODEL_BYTES), (byte) => byte.toString(16).padStart(2, '0')).join('');
  const [probe, crc, numPieces, numBytes] = [number(), number(), count(), count()];
  const [nameLength = 0] = take(1);
  const device = new TextDecoder().decode(take(nameLength));
  if (numBytes > MOST_BYTES || numPieces > MOST_BYTES) {
    throw new PackedFileError(
      `This file says that it holds ${numBytes} bytes in ${numPieces} pieces; at most ${MOST_BYTES} are unpacked.`,
      'Choose another file.',
    );
  }
  return { isLines: flags === LINES_FLAG, model, probe, crc, numPieces, numBytes, device, payload: bytes.slice(at) };
}

export function damaged(what: string): PackedFileError {
  return new PackedFileError(`The file ${what}: it is damaged.`, 'Compress the text again.');
}

const u32 = (value: number) => [value >>> 24, (value >>> 16) & 255, (value >>> 8) & 255, value & 255];

function varint(value: number): number[] {
  return value < 128 ? [value] : [128 + (value % 128), ...varint(Math.floor(value / 128))];
}
