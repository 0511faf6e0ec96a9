// Which weights these are, as a short text: what was measured of a model is kept under it.
import { hashText } from '../hash';
import { pieces, type StoredTensor } from './storedTensor';

/**
 * 64 bits in hexadecimal digits, of the names, the shapes and every value as float32, whatever type they are stored as and in
 * what order. It tells models of one reader apart; it is no proof against one who wants two to look alike.
 */
export async function weightsId(tensors: ReadonlyMap<string, StoredTensor>): Promise<string> {
  const mixers = [new Mixer(0x9747b28c), new Mixer(0x85ebca77)];
  for (const [name, tensor] of [...tensors].sort(([a], [b]) => (a < b ? -1 : 1))) {
    for (const mixer of mixers) mixer.take(hashText(`${name} ${tensor.shape.join()}`));
    for await (const { values } of pieces(tensor)) {
      const words = new Uint32Array(values.buffer, values.byteOffset, values.length);
      for (const mixer of mixers) mixer.takeAll(words);
    }
  }
  return mixers.map((mixer) => mixer.hash.toString(16).padStart(8, '0')).join('');
}

/** MurmurHash3 (x86, 32 bits; Austin Appleby) over whole words. */
class Mixer {
  #state: number;
  #count = 0;

  constructor(seed: number) {
    this.#state = seed;
  }

  take(word: number): void {
    let mixed = Math.imul(word, 0xcc9e2d51);
    mixed = Math.imul((mixed << 15) | (mixed >>> 17), 0x1b873593);
    const state = this.#state ^ mixed;
    this.#state = (Math.imul((state << 13) | (state >>> 19), 5) + 0xe6546b64) | 0;
    this.#count++;
  }

  takeAll(words: Uint32Array): void {
    for (const word of words) this.take(word);
  }

  get hash(): number {
    let hash = this.#state ^ (4 * this.#count);
    hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
    hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
    return (hash ^ (hash >>> 16)) >>> 0;
  }
}
