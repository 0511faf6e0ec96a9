import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { rng } from '../../lib/rng';
import { setUpRuntime, tinyModel, tinyRecipe } from '../../testing/tinyModel';
import { corpusDocument } from '../../trainer/texts/pretrain';
import { type CodedPiece, Compressor } from './compressor';
import { PackedElsewhereError, PackedFileError, readPackedFile, writePackedFile } from './packedFile';

const runtime = setUpRuntime();
let compressor: Compressor;

beforeAll(async () => {
  compressor = await Compressor.create(runtime(), await tinyModel(runtime(), false));
});

afterAll(() => compressor.destroy());

/** What comes out of the file, and how long that is. */
async function roundTrip(bytes: Uint8Array, isLines = false) {
  const file = await compressor.compress(bytes, isLines);
  expect(await compressor.decompress(file)).toEqual(bytes);
  return file.length;
}

const utf8 = (text: string) => new TextEncoder().encode(text);
const documents = (count: number) =>
  Array.from({ length: count }, (_, i) => {
    const { question, completion } = corpusDocument(tinyRecipe(), 'held-out', i);
    return `${question}${completion}`;
  });

describe('the model as a compressor', () => {
  it('gives back held-out texts, random bytes and nothing at all', async () => {
    await roundTrip(utf8(documents(12).join('\n')), true);
    await roundTrip(utf8(documents(3).join('\n')));
    await roundTrip(new Uint8Array(0));
    const draw = rng(5, 'evaluate');
    const noise = Uint8Array.from({ length: 300 }, () => draw.integer(0, 255));
    // Eight bits a byte and some for the escape and the head.
    expect(await roundTrip(noise)).toBeLessThan(300 * 1.25 + 60);
  });

  it('gives back a text longer than the model has positions', async () => {
    const text = documents(40).join('').slice(0, 700);
    await roundTrip(utf8(text));
  });

  it('tells of each piece what it costs, and the file has so many bits', async () => {
    const pieces: CodedPiece[] = [];
    const text = documents(4).join('\n');
    const file = await compressor.compress(utf8(text), true, { onPiece: (piece) => pieces.push(piece) });
    const bits = pieces.reduce((sum, piece) => sum + piece.bits, 0);
    expect(Math.abs(8 * readPackedFile(file).payload.length - bits)).toBeLessThan(12);
    expect(pieces.map((piece) => piece.text).join('').length).toBeGreaterThanOrEqual(text.length);
  });

  it('refuses the file of another model, of other bits, and a damaged one', async () => {
    const file = await compressor.compress(utf8('1+2=?'), false);
    const other = await Compressor.create(runtime(), await tinyModel(runtime(), false, tinyRecipe({ seed: 4 })));
    await expect(other.decompress(file)).rejects.toThrow(PackedElsewhereError);
    other.destroy();
    const read = readPackedFile(file);
    const elsewhere = writePackedFile({ ...read, probe: read.probe ^ 1, device: 'another card' });
    await expect(compressor.decompress(elsewhere)).rejects.toThrow(/made on another card/);
    const flipped = writePackedFile({ ...read, payload: read.payload.map((byte, i) => (i === 0 ? byte ^ 64 : byte)) });
    await expect(compressor.decompress(flipped)).rejects.toThrow(PackedFileError);
    const short = writePackedFile({ ...read, payload: read.payload.subarray(0, 1), numPieces: 5000 });
    await expect(compressor.decompress(short)).rejects.toThrow(PackedFileError);
  });

  it('stops where it is told to', async () => {
    const controller = new AbortController();
    const onPiece = () => controller.abort(new Error('enough'));
    const work = compressor.compress(utf8('1+2=?'), false, { onPiece, signal: controller.signal });
    await expect(work).rejects.toThrow('enough');
  });
});
