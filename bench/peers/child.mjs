// The process of one peer: told by `bench` (src/cli/bench/peerProcess.ts) to prepare a task, then to run it; idle otherwise.

/**
 * @typedef {object} Prepared
 * @property {number[]} check numbers on which every system must agree
 * @property {string} [detail] a remark for people
 * @property {(times: number) => Promise<void>} run does the task `times` times and waits for the device at the end
 */

/**
 * Answers the messages of `bench`. Everything is to be compiled once a task is prepared.
 * @param {Record<string, (input: any) => Promise<Prepared>>} tasks by kind
 */
export function serve(tasks) {
  /** @type {Prepared | undefined} */
  let prepared;
  const answers = {
    prepare: async ({ task }) => {
      const prepare = tasks[task.kind];
      if (!prepare) throw new Error(`has nothing to compare (${task.kind})`);
      prepared = await prepare(task.input);
      return { check: prepared.check, detail: prepared.detail };
    },
    run: async ({ times }) => {
      const startMs = performance.now();
      await prepared.run(times);
      return { ms: performance.now() - startMs };
    },
  };
  process.on('message', async (message) => {
    try {
      process.send(await answers[message.kind](message));
    } catch (error) {
      process.send({ error: error instanceof Error ? error.message : String(error) });
    }
  });
  process.on('disconnect', () => process.exit());
}
