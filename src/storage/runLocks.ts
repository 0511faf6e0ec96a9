// One writer a run: whoever may go on with a run holds a lock that every tab of this browser sees.

export interface RunLocks {
  /** Takes a run: the function that gives it back, or undefined while another tab has it. */
  take(runId: string): Promise<(() => void) | undefined>;
  /** Ids of the runs that some tab has, this one included. */
  listTaken(): Promise<ReadonlySet<string>>;
}

const PREFIX = 'soliloquy.run.';
/** A tab that was closed, or reloaded, gives its run back a moment later. */
const PATIENCE_MS = 500;

/** Locks of the browser; where it has none (Node, an insecure page) every run is free. */
export function createRunLocks(locks: LockManager | undefined): RunLocks {
  if (locks === undefined) return { take: async () => () => {}, listTaken: async () => new Set() };
  return {
    take: (runId) =>
      new Promise((resolve, reject) => {
        const name = PREFIX + runId;
        const refuse = (error: unknown) => {
          if (error instanceof DOMException && error.name === 'TimeoutError') resolve(undefined);
          else reject(error);
        };
        const hold = () => new Promise<void>((release) => resolve(release));
        const wait = () => locks.request(name, { signal: AbortSignal.timeout(PATIENCE_MS) }, hold).catch(refuse);
        locks.request(name, { ifAvailable: true }, (lock) => (lock ? hold() : void wait())).catch(reject);
      }),

    async listTaken() {
      const { held = [] } = await locks.query();
      const names = held.flatMap(({ name }) => name ?? []);
      return new Set(names.filter((name) => name.startsWith(PREFIX)).map((name) => name.slice(PREFIX.length)));
    },
  };
}
