// Runs out to files and in from them, and what their reader says of them.
import type { FolderFiles } from '../../formats/huggingface/writeFolder';
import { SoliloquyError } from '../../lib/errors';
import type { Commands } from '../../protocol/command';
import type { RunRecord } from '../../protocol/protocol';
import type { RunFileApi } from '../../protocol/runs';
import { rolloutsJsonl } from '../../protocol/runTables';
import { MAX_LABEL_LENGTH, MAX_NOTE_LENGTH } from '../../runs/run';
import type { RunFile } from '../../runs/runFile';
import { isOwnTask } from '../../tasks/own/problemSet';
import type { Engine } from '../engine';
import { RunElsewhereError } from '../runErrors';

/** What the first answer does without. */
const loadRunFiles = () => import('../../runs/runFile');
const loadResults = async () => ({
  ...(await import('../../runs/elsewhere/readResults')),
  ...(await import('../../runs/elsewhere/recordOf')),
});

/** A file of a run that is here: which of both is meant is not known. */
class RunHereAlreadyError extends SoliloquyError {
  readonly code = 'run_here_already';
}

export function runFileCommands(engine: Engine): Commands<RunFileApi> {
  const { locks, sources, active, problems } = engine;
  const { runs, checkpoints, bases } = engine.stores;

  const stateOf = async (runId: string): Promise<RunFile['state']> => {
    const checkpoint = await checkpoints.loadCheckpoint(runId);
    if (checkpoint === undefined) return undefined;
    const base = new Map<string, Uint8Array>();
    for (const path of await bases.list(runId)) base.set(path, (await bases.read(runId, path)) ?? new Uint8Array());
    return { checkpoint, base };
  };

  /** Does something with a run that no other tab has, nor anybody meanwhile. */
  const alone = async <T>(runId: string, work: () => Promise<T>): Promise<T> => {
    if (active.openRunner?.record.id === runId) return work();
    const unlock = await locks.take(runId);
    if (unlock === undefined) throw new RunElsewhereError('Do it there, or close that tab.');
    try {
      return await work();
    } finally {
      unlock();
    }
  };

  /** Changes what is said of a run, in its record as it is kept and as it is open. */
  const change = (runId: string, said: Partial<Pick<RunRecord, 'label' | 'note' | 'codeWaits'>>) =>
    alone(runId, async () => {
      const { openRunner } = active;
      if (openRunner?.record.id === runId) return openRunner.say(said);
      const run = { ...(await sources.run(runId)), ...said };
      await runs.putRun(run);
      return run;
    });

  return {
    async exportRun(runId, withState) {
      const run = await sources.run(runId);
      const state = withState ? await stateOf(runId) : undefined;
      const metrics = (await runs.listSteps(runId)).filter(({ step }) => step <= run.step);
      const steps = [];
      for (const one of metrics) steps.push({ metrics: one, groups: await runs.listRollouts(runId, one.step) });
      const { packRunFile } = await loadRunFiles();
      const { task } = run.settings;
      const problemSet = isOwnTask(task) ? (await problems.list()).find(({ id }) => id === task) : undefined;
      return packRunFile({ run, steps, problemSet, ...(state && { state }) });
    },

    async importRun(name, content) {
      const bytes = content instanceof Uint8Array ? content : new Uint8Array(await content.arrayBuffer());
      const { readRunFile } = await loadRunFiles();
      const { run: found, steps, problemSet, state } = await readRunFile(name, bytes);
      const hasCode = found.settings.config.custom_reward !== '';
      const { codeWaits: _, ...record } = found;
      const isDone = record.status === 'finished' || record.status === 'failed';
      const run: RunRecord = {
        ...record,
        status: isDone ? record.status : 'paused',
        ...(hasCode && { codeWaits: true }),
      };
      return alone(run.id, async () => {
        if (await runs.hasRun(run.id)) {
          throw new RunHereAlreadyError(
            `${run.name} is among the runs of this browser, at step ${(await runs.findRun(run.id))?.step ?? 0}.`,
            'Open that one, or delete it and open the file again.',
          );
        }
        const isNew = problemSet !== undefined && !(await problems.list()).some(({ id }) => id === problemSet.id);
        try {
          if (isNew) await problems.keep(problemSet.name, problemSet.problems);
          if (state) await keepState(run.id, state.checkpoint, state.base);
          await runs.addRun(run, steps);
        } catch (error) {
          await runs.deleteRun(run.id).catch(() => undefined);
          await checkpoints.deleteCheckpoint(run.id).catch(() => undefined);
          await bases.delete(run.id).catch(() => undefined);
          if (isNew) await problems.delete(problemSet.id).catch(() => undefined);
          throw error;
        }
        return run;
      });
    },

    async importResults(files) {
      const { readResults, recordOf } = await loadResults();
      const found = await readResults(
        files.map(({ path, content }) => ({ path, size: content.size, open: async () => content })),
      );
      const kept: RunRecord[] = [];
      try {
        for (const one of found) {
          const run = recordOf(one, crypto.randomUUID(), new Date());
          kept.push(run);
          await runs.addRun(run, one.steps);
        }
      } catch (error) {
        for (const { id } of kept) await runs.deleteRun(id).catch(() => undefined);
        throw error;
      }
      return kept;
    },

    describeRun: (runId, { label, note }) =>
      change(runId, { label: label.trim().slice(0, MAX_LABEL_LENGTH), note: note.trim().slice(0, MAX_NOTE_LENGTH) }),

    allowRunCode: (runId) => change(runId, { codeWaits: false }),

    rolloutsFile: async (runId) => {
      const parts: string[] = [];
      for (const { step } of await runs.listSteps(runId))
        parts.push(rolloutsJsonl(await runs.listRollouts(runId, step)));
      return new Blob(parts);
    },
  };

  async function keepState(
    runId: string,
    checkpoint: Parameters<typeof checkpoints.saveCheckpoint>[1],
    base: FolderFiles,
  ) {
    for (const [path, bytes] of base) await bases.write(runId, path, bytes);
    await checkpoints.saveCheckpoint(runId, checkpoint);
  }
}
