// Event files that TensorBoard opens: a TFRecord for each step, of an Event message (tensorflow/core/util/event.proto).
import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeFolder, writeGiven } from './files';
import type { MetricsLog } from './metricsLog';

/** In the place of a file: event files in the folder of the run. */
export const TENSORBOARD = 'tensorboard';

const VERSION = 'brain.Event:2';
const [VARINT, DOUBLE, BYTES, FLOAT] = [0, 1, 2, 5];

const CRC_TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? 0x82f63b78 ^ (crc >>> 1) : crc >>> 1;
  return crc;
});

/** CRC-32C (Castagnoli), masked as TFRecord has it: rotated right by 15 and 0xa282ead8 added. */
export function maskedCrc(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) crc = (CRC_TABLE[(crc ^ byte) & 0xff] as number) ^ (crc >>> 8);
  crc = (crc ^ 0xffffffff) >>> 0;
  return (((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0;
}

function varint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) bytes.push((rest % 0x80) | 0x80);
  return Buffer.from([...bytes, rest]);
}

/** A field of a message in Protocol Buffers' wire format. */
function field(number: number, kind: number, value: Buffer): Buffer {
  const length = kind === BYTES ? [varint(value.length)] : [];
  return Buffer.concat([varint((number << 3) | kind), ...length, value]);
}

function fixed(bytes: 4 | 8, write: (buffer: Buffer) => void): Buffer {
  const buffer = Buffer.alloc(bytes);
  write(buffer);
  return buffer;
}

const event = (step: number, ...fields: Buffer[]): Buffer =>
  Buffer.concat([
    field(
      1,
      DOUBLE,
      fixed(8, (buffer) => buffer.writeDoubleLE(Date.now() / 1000)),
    ),
    field(2, VARINT, varint(step)),
    ...fields,
  ]);

const scalar = (tag: string, value: number): Buffer =>
  field(
    1,
    BYTES,
    Buffer.concat([
      field(1, BYTES, Buffer.from(tag)),
      field(
        2,
        FLOAT,
        fixed(4, (buffer) => buffer.writeFloatLE(value)),
      ),
    ]),
  );

function record(data: Buffer): Buffer {
  const length = fixed(8, (buffer) => buffer.writeBigUInt64LE(BigInt(data.length)));
  const crc = (bytes: Buffer) => fixed(4, (buffer) => buffer.writeUInt32LE(maskedCrc(bytes)));
  return Buffer.concat([length, crc(length), data, crc(data)]);
}

/**
 * Opens an event file of its own in a folder. Where a run is resumed (`after` is the step of its checkpoint) TensorBoard forgets
 * what older files there have beyond it. Throws UsageError where it cannot be written.
 */
export function openTensorboardLog(folder: string, after: number | undefined): MetricsLog {
  const path = join(folder, `events.out.tfevents.${Math.floor(Date.now() / 1000)}.soliloquy.${process.pid}`);
  const append = (data: Buffer) => writeGiven(path, () => appendFileSync(path, record(data)));
  writeGiven(folder, () => makeFolder(folder));
  append(event(0, field(3, BYTES, Buffer.from(VERSION))));
  // SessionLog START.
  if (after !== undefined) append(event(after + 1, field(7, BYTES, field(1, VARINT, varint(1)))));
  return (step, metrics) => {
    const scalars = Object.entries(metrics).flatMap(([name, value]) =>
      typeof value === 'number' ? [scalar(name, value)] : [],
    );
    if (scalars.length > 0) append(event(step, field(5, BYTES, Buffer.concat(scalars))));
  };
}
