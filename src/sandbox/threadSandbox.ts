// The near side of the sandbox: a thread that is started when it is needed, fed one run at a time, watched, and ended if it falls
// silent. Native loops of the interpreter (a sort of an array of length 2³²) ask nobody whether to go on; only this ends them.
import { SoliloquyError } from '../lib/errors';
import type { GuestOutcome, Json, Sandbox } from './sandbox';

/** The sandbox cannot be started. */
export class SandboxError extends SoliloquyError {}

/** A worker of the browser or of Node, running guest.worker.js. */
export interface Thread {
  post(message: unknown): void;
  /** Sets who is told of messages and of the thread's death; the last one set counts. */
  listen(onMessage: (message: unknown) => void, onDeath: (reason: string) => void): void;
  terminate(): void;
}

/** Twice this without a word is too long. Once is not: while this thread was busy, the word may be waiting behind the timer. */
const SILENCE_MS = 150;
const START_MS = 20_000;

interface Answer {
  readonly outcomes: readonly GuestOutcome[];
  readonly isLast: boolean;
}

/** A sandbox on threads from `startThread`, which resolves to one that awaits the compiled interpreter `program`. */
export function createThreadSandbox(startThread: () => Thread, program: () => Promise<WebAssembly.Module>): Sandbox {
  let thread: Promise<Thread> | undefined;
  let last: Promise<unknown> = Promise.resolve();

  async function start(): Promise<Thread> {
    try {
      const started = startThread();
      await whenReady(started, await program());
      return started;
    } catch (cause) {
      thread = undefined;
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw new SandboxError(`The sandbox for code did not start: ${reason}.`, 'Reload and try again.', { cause });
    }
  }

  async function runOne(source: string, inputs: readonly string[]): Promise<GuestOutcome[]> {
    thread ??= start();
    const outcomes: GuestOutcome[] = [];
    const end = await answered(await thread, { source, inputs }, outcomes);
    if (end !== undefined) {
      thread = undefined;
      while (outcomes.length < inputs.length) outcomes.push({ error: { message: end } });
    }
    return outcomes;
  }

  return {
    run(source, inputs) {
      if (inputs.length === 0) return Promise.resolve([]);
      const texts = inputs.map((input: Json) => JSON.stringify(input));
      const result = last.then(() => runOne(source, texts));
      last = result.catch(() => undefined);
      return result;
    },
    close() {
      void thread?.then((open) => open.terminate());
      thread = undefined;
    },
  };
}

function whenReady(thread: Thread, program: WebAssembly.Module): Promise<void> {
  return new Promise((resolve, reject) => {
    const fail = (reason: string) => {
      clearTimeout(timer);
      thread.terminate();
      reject(new Error(reason));
    };
    const timer = setTimeout(() => fail(`no sign of life in ${START_MS / 1000} seconds`), START_MS);
    thread.listen(() => {
      clearTimeout(timer);
      resolve();
    }, fail);
    thread.post(program);
  });
}

/** Posts a run and gathers its outcomes; resolves to why the thread was ended before the last, or to undefined. */
function answered(thread: Thread, run: unknown, outcomes: GuestOutcome[]): Promise<string | undefined> {
  return new Promise((resolve) => {
    let isSilent = false;
    const watchdog = setInterval(() => {
      if (isSilent) end(`It did not end within ${2 * SILENCE_MS} ms.`);
      isSilent = true;
    }, SILENCE_MS);
    const end = (reason: string | undefined) => {
      clearInterval(watchdog);
      if (reason !== undefined) thread.terminate();
      resolve(reason);
    };
    thread.listen(
      (message) => {
        isSilent = false;
        const answer = message as Answer;
        outcomes.push(...answer.outcomes);
        if (answer.isLast) end(undefined);
      },
      () => end('It ended its thread.'),
    );
    thread.post(run);
  });
}
