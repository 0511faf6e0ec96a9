// A place for strangers' JavaScript: it has the language, its input and nothing else, and it always ends.

/** What JSON can carry. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** What went wrong in a stranger's code. */
export interface GuestError {
  /** E.g. `TypeError: cannot read property 'x' of null`. */
  readonly message: string;
  /** Line of the code, counted from 1, where it is known. */
  readonly line?: number;
}

/** What a call of a stranger's function came to. */
export type GuestOutcome = { readonly value: Json } | { readonly error: GuestError };

export interface RunOptions {
  /** What shares a realm, and so what the script may remember: all calls of a run until one of them fails (`run`, the default),
   *  or nothing (`each`): the script runs anew for each input, and a call cannot know how many came before. */
  readonly isolate?: 'run' | 'each';
}

export interface Sandbox {
  /**
   * Runs a script and calls the function that it ends with, e.g. `(x) => x + 1`, once for each input, in order.
   * One outcome an input; nothing the script does makes this reject. Two runs share nothing. The clock stands still and
   * Math.random begins anew, so a run repeats itself exactly.
   *
   * A result is a finite number or whatever `JSON.stringify` makes of it: check its form, the script may have meant harm.
   * @throws SandboxError if the sandbox itself cannot be started.
   */
  run(source: string, inputs: readonly Json[], options?: RunOptions): Promise<readonly GuestOutcome[]>;
  /** Ends its thread; the next run starts another. */
  close(): void;
}
