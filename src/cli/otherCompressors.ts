// What compressors without a language model make of the same bytes.
import zlib from 'node:zlib';

export interface OtherSizes {
  /** In bytes; zstd is null where this Node has none (it came with 22.15). */
  readonly gzip: number;
  readonly brotli: number;
  readonly zstd: number | null;
}

/** zlib's window: of a longer dictionary only the end counts. */
export const DICTIONARY_BYTES = 32_768;

const { zstdCompressSync } = zlib as { readonly zstdCompressSync?: (bytes: Uint8Array, options: object) => Uint8Array };
const ZSTD_LEVEL = { params: { 100: 19 } };

/** Each at its highest level. */
export function otherSizes(bytes: Uint8Array): OtherSizes {
  return {
    gzip: zlib.gzipSync(bytes, { level: 9 }).length,
    brotli: zlib.brotliCompressSync(bytes, { params: { [zlib.constants.BROTLI_PARAM_MODE]: 1 } }).length,
    zstd: zstdCompressSync?.(bytes, ZSTD_LEVEL).length ?? null,
  };
}

/** DEFLATE without gzip's head, having read a dictionary: what it makes of a small text when it is warm. */
export const warmDeflate = (bytes: Uint8Array, dictionary: Uint8Array): number =>
  zlib.deflateRawSync(bytes, { level: 9, dictionary }).length;
