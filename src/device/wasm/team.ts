// The leader's side of the threads that share the device's programs (wasm/team.ts).
import { DeviceLostError } from '../errors';
import { instantiate } from './instance.js';
import type { LinearMemory } from './memory';
import type { Operations, ThreadStart } from './module';

/** A thread that was started. */
export interface Helper {
  /** @param onReady is called once it helps. @param onEnd is told why the thread ended, if it does so by itself. */
  listen(onReady: () => void, onEnd: (reason: string) => void): void;
  terminate(): void;
}

export type StartHelper = (start: ThreadStart) => Helper;

/** As wasm/lib/scratch.ts says. */
const SCRATCH_BYTES = 262_144;
/** The leader waits about a second at a time for a unit of a helper's; after so many, the helper is given up. */
const MOST_WAITS = 30;

export class Team {
  readonly #start: ThreadStart;
  #instance: ReturnType<typeof instantiate>;
  /** The memory's, when the instance was made. */
  #buffer: ArrayBuffer;
  readonly #helpers: readonly Helper[];
  /** Those that share the work: a helper is one of them once it has started. */
  threads = 1;
  /** Each helper has started, or never will. */
  readonly isWhole: Promise<unknown>;
  #waits = 0;

  /**
   * @param numThreads the leader among them. @param startHelper undefined: where memory cannot be shared.
   * @param onLost is told when one ends that helped.
   */
  constructor(
    { module, names }: Operations,
    memory: LinearMemory,
    numThreads: number,
    startHelper: StartHelper | undefined,
    onLost: (error: DeviceLostError) => void,
  ) {
    const start = () => ({ module, memory: memory.memory, names, scratch: memory.allocate(SCRATCH_BYTES) });
    this.#start = start();
    this.#buffer = memory.memory.buffer;
    this.#instance = instantiate(this.#start);
    this.#helpers = startHelper ? Array.from({ length: numThreads - 1 }, () => startHelper(start())) : [];
    this.isWhole = Promise.all(
      this.#helpers.map(
        (helper) =>
          new Promise<void>((resolve) => {
            let isReady = false;
            helper.listen(
              () => {
                isReady = true;
                this.threads++;
                resolve();
              },
              (reason) => {
                resolve();
                // Nothing was asked of one that never started: the others do its work.
                if (isReady) onLost(new DeviceLostError(reason));
              },
            );
          }),
      ),
    );
  }

  get #leader(): ReturnType<typeof instantiate> {
    const { module, memory } = this.#start;
    // JavaScript sees the memory as large as it was then.
    if (typeof module === 'function' && memory.buffer !== this.#buffer) {
      this.#buffer = memory.buffer;
      this.#instance = instantiate(this.#start);
    }
    return this.#instance;
  }

  /** Place of an operation in the table. @param index among the names. */
  operation(index: number): number {
    return this.#leader.firstOperation + index;
  }

  /** How many pieces an operation's work has. @param args address of its arguments. */
  units(name: string, args: number): number {
    return (this.#leader[`${name}_units`] as (args: number) => number)(args);
  }

  /**
   * Does dispatches of the program at an address. Returns how far it came, less than `end` while a helper is at its unit.
   * @throws DeviceLostError where a helper does not finish.
   */
  lead(program: number, first: number, end: number): number {
    const reached = this.#leader.lead(program, first, end, this.threads);
    this.#waits = reached === end ? 0 : this.#waits + 1;
    if (this.#waits > MOST_WAITS) throw new DeviceLostError('one of its threads does not answer');
    return reached;
  }

  terminate(): void {
    for (const helper of this.#helpers) helper.terminate();
  }
}
