// Work in the order in which it was handed over, done in slices, so that the thread's messages are answered meanwhile.
import type { DeviceLostError } from '../errors';

/** A slice is over when an operation ends after so long. */
const SLICE_MS = 8;

/** Does some of a piece of work, until it is done or `isOver` says so. Returns whether it is done. */
export type Work = (isOver: () => boolean) => boolean;

interface Entry {
  readonly work: Work;
  readonly reject?: (error: DeviceLostError) => void;
}

/** Runs a task after other tasks that wait. Taken early: WebGPU in Node puts a slow timer in the place of setImmediate. */
const { setImmediate } = globalThis;
function afterOthers(task: () => void): void {
  if (setImmediate) {
    setImmediate(task);
    return;
  }
  const { port1, port2 } = new MessageChannel();
  port1.onmessage = () => {
    port1.close();
    task();
  };
  port2.postMessage(undefined);
}

export class WorkQueue {
  readonly #entries: Entry[] = [];
  #isScheduled = false;
  #sliceStartMs = 0;

  /** @param onFault is told what a piece of work throws. */
  constructor(private readonly onFault: (error: unknown) => void) {}

  get isEmpty(): boolean {
    return this.#entries.length === 0;
  }

  /** Has work done after all that was handed over before. */
  push(work: Work): void {
    this.#entries.push({ work });
    this.#schedule();
  }

  /** The value that `read` returns once all before it is done. */
  after<T>(read: () => T): Promise<T> {
    return new Promise((resolve, reject) => {
      const work = () => {
        resolve(read());
        return true;
      };
      this.#entries.push({ work, reject });
      this.#schedule();
    });
  }

  /** Gives up what is left to do. */
  fail(error: DeviceLostError): void {
    for (const { reject } of this.#entries.splice(0)) reject?.(error);
  }

  #schedule(): void {
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    queueMicrotask(() => this.#run());
  }

  /** What is done without a pause would keep the thread from its messages however short each piece is. */
  #run(): void {
    const nowMs = performance.now();
    if (nowMs - this.#sliceStartMs < SLICE_MS) this.#slice();
    else
      afterOthers(() => {
        this.#sliceStartMs = performance.now();
        this.#slice();
      });
  }

  #slice(): void {
    const isOver = () => performance.now() - this.#sliceStartMs >= SLICE_MS;
    this.#isScheduled = false;
    try {
      for (let entry = this.#entries[0]; entry; entry = this.#entries[0]) {
        if (!entry.work(isOver)) break;
        this.#entries.shift();
        if (isOver()) break;
      }
    } catch (error) {
      this.onFault(error);
    }
    if (!this.isEmpty) this.#schedule();
  }
}
