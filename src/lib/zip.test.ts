import fc from 'fast-check';
import { zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { HOSTILE_DIRECTORIES, HOSTILE_ENTRIES, SOUND_ZIP } from '../testing/fixtures/hostileZips';
import { crc32, openZip, type ZipEntry, ZipError } from './zip';

describe('a zip', () => {
  it('gives back what was packed, stored or deflated, with its paths', async () => {
    const files = fc.dictionary(
      fc.stringMatching(/^[a-zé/]{0,8}[a-z.]$/).filter((path) => !/^\/|\.\.|\/\/|^\.$/.test(path)),
      fc.uint8Array({ maxLength: 3000 }),
      { noNullPrototype: true, maxKeys: 5 },
    );
    await fc.assert(
      fc.asyncProperty(files, fc.constantFrom(0 as const, 6 as const), async (packed, level) => {
        const { entries, unpack } = openZip('z', zipSync(packed, { level }));
        expect([...entries.keys()].sort()).toEqual(Object.keys(packed).sort());
        for (const [path, entry] of entries) expect(await unpack(entry)).toEqual(packed[path]);
      }),
      { numRuns: 60 },
    );
  });

  it('may have a comment, and folders, which are left out', () => {
    const zip = zipSync({ 'm/': new Uint8Array(0), 'm/a': new Uint8Array(3) });
    const commented = Uint8Array.of(...zip, 0x68, 0x69);
    commented[zip.length - 2] = 2;
    expect([...openZip('z', commented).entries.keys()]).toEqual(['m/a']);
  });

  it('is checked by the CRC-32 of the standard', () => {
    expect(crc32(new TextEncoder().encode('123456789'))).toBe(0xcbf43926);
  });
});

describe('a hostile zip', () => {
  it.each(HOSTILE_DIRECTORIES)('is refused when opened: %s', (_description, zip, message) => {
    expect(() => openZip('z', zip)).toThrow(ZipError);
    expect(() => openZip('z', zip)).toThrow(message);
  });

  it.each(HOSTILE_ENTRIES)('is refused when unpacked: %s', async (_description, zip, message, path) => {
    const { entries, unpack } = openZip('z', zip);
    const unpacking = unpack(entries.get(path) as ZipEntry);
    await expect(unpacking).rejects.toThrow(ZipError);
    await expect(unpacking).rejects.toThrow(message);
  });

  it('leaves the sound entry beside a damaged one readable', async () => {
    const damaged = SOUND_ZIP.slice().fill(0xff, 45, 60);
    const { entries, unpack } = openZip('z', damaged);
    expect(new TextDecoder().decode(await unpack(entries.get('m/README.md') as ZipEntry))).toBe('# A model');
  });
});
