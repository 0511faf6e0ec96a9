// The browser's lock manager in memory, as far as runs need it: shared by the sessions of a test as by the tabs of a browser.

export function memoryLocks(): LockManager {
  const held = new Map<string, Promise<unknown>>();
  const request = async (name: string, options: LockOptions, work: (lock: Lock | null) => Promise<void>) => {
    while (held.has(name)) {
      if (options.ifAvailable) return work(null);
      const aborted = new Promise((_, reject) =>
        options.signal?.addEventListener('abort', () => reject(options.signal?.reason)),
      );
      await Promise.race([held.get(name), aborted]);
    }
    const done = work({ name, mode: 'exclusive' }).finally(() => held.delete(name));
    held.set(name, done);
    return done;
  };
  const query = async () => ({ held: [...held.keys()].map((name) => ({ name })), pending: [] });
  return { request, query } as unknown as LockManager;
}
