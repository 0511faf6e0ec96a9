// A language model as a compressor: what it expects decides how many bits what comes takes. Exact: the same bytes come out.
import { weightsId } from '../../lib/tensors/weightsId';
import { crc32 } from '../../lib/zip';
import type { LanguageModel } from '../languageModel';
import type { Runtime } from '../runtime';
import { ArithmeticDecoder, ArithmeticEncoder, MAX_TOTAL, type Share } from './arithmeticCoder';
import { Counts, frequenciesOf } from './frequencies';
import { NextToken } from './nextToken';
import {
  damaged,
  MOST_BYTES,
  PackedElsewhereError,
  PackedFileError,
  readPackedFile,
  writePackedFile,
} from './packedFile';
import { joinPieces, type Piece, splitPieces } from './pieces';

/** What became of one piece. */
export interface CodedPiece {
  /** What it adds to the text; a byte that is no token as `\x41`. */
  readonly text: string;
  /** What the model's surprise costs: the file has so many bits for it, but for rounding at the end. */
  readonly bits: number;
  readonly isToken: boolean;
}

export interface CompressHooks {
  /** Called with each piece in turn, and how many there are. */
  onPiece?(piece: CodedPiece, done: number, total: number): void;
  readonly signal?: AbortSignal | undefined;
}

/** Tokens whose logits tell devices apart. */
const PROBE_STEPS = 8;
/** Of what comes next, at first: a token, or a byte by itself. After a byte both are as likely. */
const FLAGS = { token: [64, 1], byte: [1, 1] };

export class Compressor {
  #probe: Promise<number> | undefined;

  private constructor(
    private readonly runtime: Runtime,
    private readonly model: LanguageModel,
    private readonly next: NextToken,
    /** `weightsId` of the model. */
    readonly modelId: string,
  ) {}

  /** @throws OutOfMemoryError, DeviceTooSmallError; PackedFileError for a vocabulary larger than can be encoded. */
  static async create(runtime: Runtime, model: LanguageModel): Promise<Compressor> {
    if (model.tokenizer.vocabSize > MAX_TOTAL / 2) {
      throw new PackedFileError(`${model.name} has more tokens than can be encoded.`, 'Choose another model.');
    }
    const id = await weightsId(await model.weights.read(runtime.readback));
    return new Compressor(runtime, model, await NextToken.create(runtime, model.weights), id);
  }

  /**
   * The file that `decompress` makes the bytes of.
   * @param isLines whether each line is a text of its own, as those are that the models of this project learned from.
   * @throws PackedFileError for more than MOST_BYTES; the signal's reason.
   */
  async compress(bytes: Uint8Array, isLines: boolean, hooks: CompressHooks = {}): Promise<Uint8Array> {
    if (bytes.length > MOST_BYTES) {
      throw new PackedFileError(
        `There are ${bytes.length} bytes; at most ${MOST_BYTES} are packed.`,
        'Split the file.',
      );
    }
    const pieces = splitPieces(bytes, this.model.tokenizer, isLines);
    const encoder = new ArithmeticEncoder();
    const walk = this.#walk(isLines, hooks, pieces.length, (frequencies, wanted) => {
      encoder.encode(shareOf(frequencies, wanted as number));
      return wanted as number;
    });
    for (const piece of pieces) await walk(piece);
    return writePackedFile({
      isLines,
      model: this.modelId,
      probe: await this.#probed(),
      crc: crc32(bytes),
      numPieces: pieces.length,
      numBytes: bytes.length,
      device: this.runtime.device.name,
      payload: encoder.finish(),
    });
  }

  /**
   * The bytes that were compressed.
   * @throws PackedElsewhereError for a file of another model, or of a device that computes other bits; PackedFileError for one
   * that is damaged; the signal's reason.
   */
  async decompress(file: Uint8Array, hooks: CompressHooks = {}): Promise<Uint8Array> {
    const { isLines, model, probe, crc, numPieces, numBytes, device, payload } = readPackedFile(file);
    if (model !== this.modelId) {
      throw new PackedElsewhereError(
        `The file was made with a model of weights ${model}; ${this.model.name} has weights ${this.modelId}.`,
        'Open it with the model that made it: any other expects other tokens.',
      );
    }
    if (probe !== (await this.#probed())) {
      throw new PackedElsewhereError(
        `The file was made on ${device}, and ${this.runtime.device.name} computes other bits of the same numbers here.`,
        'Open it on the device that made it.',
      );
    }
    const decoder = new ArithmeticDecoder(payload);
    const walk = this.#walk(isLines, hooks, numPieces, (frequencies) => {
      const place = decoder.placeOf(sum(frequencies));
      let [choice, low] = [0, 0];
      while (choice < frequencies.length - 1 && low + (frequencies[choice] as number) <= place) {
        low += frequencies[choice++] as number;
      }
      decoder.take(shareOf(frequencies, choice));
      return choice;
    });
    const pieces: Piece[] = [];
    while (pieces.length < numPieces) pieces.push(await walk());
    const bytes = joinPieces(pieces, this.model.tokenizer, isLines);
    if (bytes.length !== numBytes || crc32(bytes) !== crc) throw damaged('does not unpack to what was packed');
    return bytes;
  }

  destroy(): void {
    this.next.destroy();
  }

  /**
   * One piece after the other: whether it is a token, then which one, or which byte. `code` encodes the choice that is wanted, or
   * finds the one that was encoded.
   */
  #walk(
    isLines: boolean,
    { onPiece, signal }: CompressHooks,
    total: number,
    code: (frequencies: Uint32Array, wanted: number | undefined) => number,
  ): (wanted?: Piece) => Promise<Piece> {
    const { tokenizer } = this.model;
    const flags = { token: new Counts(FLAGS.token), byte: new Counts(FLAGS.byte) };
    const counts = new Counts(Array<number>(256).fill(1));
    this.next.restart();
    let before: 'token' | 'byte' = 'token';
    let done = 0;
    /** The token that was read last is looked at once the next one is wanted. */
    let last = tokenizer.bosId;
    let expected: Uint32Array | undefined;
    const chosen = (frequencies: Uint32Array, wanted: number | undefined): { choice: number; bits: number } => {
      const all = sum(frequencies);
      const choice = code(frequencies, wanted);
      return { choice, bits: Math.log2(all / (frequencies[choice] as number)) };
    };
    return async (wanted) => {
      signal?.throwIfAborted();
      const flag = flags[before];
      const isByte = wanted && ('byte' in wanted ? 1 : 0);
      const kind = chosen(flag.frequencies, isByte);
      flag.add(kind.choice);
      before = kind.choice === 1 ? 'byte' : 'token';
      const value = wanted && ('byte' in wanted ? wanted.byte : wanted.token);
      if (before === 'byte') {
        const { choice, bits } = chosen(counts.frequencies, value);
        counts.add(choice);
        const text = `\\x${choice.toString(16).padStart(2, '0')}`;
        onPiece?.({ text, bits: bits + kind.bits, isToken: false }, ++done, total);
        return { byte: choice };
      }
      expected ??= await this.#expectedAfter(last);
      const { choice, bits } = chosen(expected, value);
      expected = undefined;
      last = choice;
      if (isLines && choice === tokenizer.eosId) {
        last = tokenizer.bosId;
        this.next.restart();
      }
      onPiece?.({ text: tokenizer.tokenText(choice), bits: bits + kind.bits, isToken: true }, ++done, total);
      return { token: choice };
    };
  }

  async #expectedAfter(token: number): Promise<Uint32Array> {
    const frequencies = frequenciesOf(await this.next.after(token), this.model.tokenizer.vocabSize);
    if (frequencies) return frequencies;
    throw new PackedFileError(
      `${this.model.name} expects what is no number.`,
      'Choose a model whose weights are whole.',
    );
  }

  /** Of the logits' bits after the first tokens of the vocabulary (FNV-1a). */
  async #probed(): Promise<number> {
    this.#probe ??= (async () => {
      const { bosId, vocabSize } = this.model.tokenizer;
      this.next.restart();
      let hash = 0x811c9dc5;
      for (let step = 0; step < PROBE_STEPS; step++) {
        const logits = await this.next.after(step === 0 ? bosId : (step * 7) % vocabSize);
        for (const word of new Uint32Array(logits.buffer, logits.byteOffset, logits.length)) {
          hash = Math.imul(hash ^ word, 0x01000193);
        }
      }
      this.next.restart();
      return hash >>> 0;
    })();
    return this.#probe;
  }
}

const sum = (frequencies: Uint32Array): number => frequencies.reduce((total, frequency) => total + frequency, 0);

function shareOf(frequencies: Uint32Array, choice: number): Share {
  let low = 0;
  for (let i = 0; i < choice; i++) low += frequencies[i] as number;
  return { low, high: low + (frequencies[choice] as number), total: sum(frequencies) };
}
