import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { maskedCrc, openTensorboardLog } from './tensorboardLog';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'soliloquy-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

it('a checksum is the masked CRC-32C of TFRecord', () => {
  // RFC 3720, B.4: of 32 zeros 8a9136aa, of 32 ones 62a8ab43; masked as TensorFlow's hash/crc32c.h does.
  const mask = (crc: number) => (((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0;
  expect(maskedCrc(new Uint8Array(32))).toBe(mask(0x8a9136aa));
  expect(maskedCrc(new Uint8Array(32).fill(0xff))).toBe(mask(0x62a8ab43));
});

it('a step is a record with its length, both checksums, and each number under its name', () => {
  const log = openTensorboardLog(join(folder, 'deep'), 7);
  log(300, { reward: 0.5, 'rewards/format/mean': 1, name: 'no number' });
  log(301, { name: 'nothing' });
  const [name] = readdirSync(join(folder, 'deep')) as [string];
  expect(name).toMatch(/^events\.out\.tfevents\.\d+\./);
  const bytes = readFileSync(join(folder, 'deep', name));
  const records: Buffer[] = [];
  for (let at = 0; at < bytes.length; ) {
    const length = Number(bytes.readBigUInt64LE(at));
    expect(bytes.readUInt32LE(at + 8)).toBe(maskedCrc(bytes.subarray(at, at + 8)));
    const data = bytes.subarray(at + 12, at + 12 + length);
    expect(bytes.readUInt32LE(at + 12 + length)).toBe(maskedCrc(data));
    records.push(data);
    at += length + 16;
  }
  // Version, start at step 8, step 300.
  expect(records).toHaveLength(3);
  const afterTime = records.map((data) => data.subarray(9).toString('hex'));
  expect(afterTime[0]).toBe(`10001a0d${Buffer.from('brain.Event:2').toString('hex')}`);
  expect(afterTime[1]).toBe('10083a020801');
  const [reward, format] = ['reward', 'rewards/format/mean'].map((tag) => Buffer.from(tag).toString('hex'));
  expect(afterTime[2]).toBe(`10ac022a2b0a0d0a06${reward}150000003f0a1a0a13${format}150000803f`);
});
