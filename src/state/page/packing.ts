import { PackingStore } from '../packing';
import { session } from './session';

async function gzipSize(bytes: Uint8Array<ArrayBuffer>): Promise<number> {
  const packed = new Blob([bytes]).stream().pipeThrough(new CompressionStream('gzip'));
  return (await new Response(packed).arrayBuffer()).byteLength;
}

export const { usePacking, writeText, pack, unpack, stopPacking } = new PackingStore(session, gzipSize);
