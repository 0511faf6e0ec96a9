// The linear memory of the device: ranges given out, taken back and given out again.
import { OutOfMemoryError } from '../errors';

const PAGE = 65536;
/** Starts of ranges are multiples of it: a cache line. */
const ALIGNMENT = 64;
/** 4 GiB, what 32 bits address, and less where so many addresses cannot be set aside. */
const MOST_PAGES = [65536, 32768, 16384, 8192];

/** A free range, in bytes. */
interface Gap {
  start: number;
  end: number;
}

function reserve(): WebAssembly.Memory {
  for (const maximum of MOST_PAGES) {
    try {
      return new WebAssembly.Memory({ initial: 1, maximum, shared: true });
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
    }
  }
  throw new OutOfMemoryError('There is no room for even 512 MB of memory.', 'Close other programs and tabs.');
}

export class LinearMemory {
  readonly memory = reserve();
  /** By start; neighbours are one. */
  readonly #gaps: Gap[] = [];
  /** In the first page lie the compiled module's constants and what its threads share (wasm/team.ts). */
  #end = PAGE;

  /** Start of `size` bytes of zeros. @throws OutOfMemoryError where the memory cannot grow so far. */
  allocate(size: number): number {
    const length = Math.ceil(size / ALIGNMENT) * ALIGNMENT;
    const index = this.#gaps.findIndex(({ start, end }) => end - start >= length);
    if (index < 0) {
      this.#grow(length);
      return this.allocate(size);
    }
    const gap = this.#gaps[index] as Gap;
    const { start } = gap;
    gap.start += length;
    if (gap.start === gap.end) this.#gaps.splice(index, 1);
    this.bytes(start, length).fill(0);
    return start;
  }

  /** @param size that was asked for. */
  free(start: number, size: number): void {
    const end = start + Math.ceil(size / ALIGNMENT) * ALIGNMENT;
    let index = this.#gaps.findIndex((gap) => gap.start > start);
    if (index < 0) index = this.#gaps.length;
    const before = this.#gaps[index - 1];
    const after = this.#gaps[index];
    if (before?.end === start) {
      before.end = after?.start === end ? after.end : end;
      if (after?.start === end) this.#gaps.splice(index, 1);
    } else if (after?.start === end) {
      after.start = start;
    } else {
      this.#gaps.splice(index, 0, { start, end });
    }
  }

  /** A view, good until the memory grows. */
  bytes(start: number, size: number): Uint8Array {
    return new Uint8Array(this.memory.buffer, start, size);
  }

  words(start: number, length: number): Uint32Array {
    return new Uint32Array(this.memory.buffer, start, length);
  }

  #grow(length: number): void {
    const last = this.#gaps.at(-1);
    const needed = length - (last?.end === this.#end ? last.end - last.start : 0);
    const pages = Math.ceil(needed / PAGE);
    try {
      this.memory.grow(pages);
    } catch (cause) {
      const megabytes = (bytes: number) => Math.round(bytes / 1e6).toLocaleString('en-US');
      throw new OutOfMemoryError(
        `The processor’s memory for this holds ${megabytes(this.#end)} MB and could not grow by ${megabytes(length)} MB.`,
        'Close other tabs and programs, or choose a smaller model or batch.',
        { cause },
      );
    }
    const start = this.#end;
    this.#end += pages * PAGE;
    this.free(start, this.#end - start);
  }
}
