// Commands about GRPO runs.
import { loadLanguageModel } from '../../engine/languageModel';
import type { Commands } from '../../protocol/command';
import { lineageName, lineageOf } from '../../protocol/lineage';
import type { RunRecord } from '../../protocol/protocol';
import type { RunApi } from '../../protocol/runs';
import { checkRewards } from '../../rewards/registry';
import { CheckpointInUseError } from '../../storage/errors';
import { runName } from '../../storage/runName';
import { grpoConfig, numSteps } from '../../trainer/grpo/grpoConfig';
import { checkGrpoConfig } from '../../trainer/grpo/grpoConfigChecks';
import { planGrpo } from '../../trainer/grpo/grpoParts';
import { checkCompletionLength } from '../../trainer/positions';
import type { Engine } from '../engine';
import { NoCheckpointError, RunElsewhereError, UnreadCodeError } from '../runErrors';
import { Runner } from '../runner';
import { tryModel } from '../startTrial';
import { runFileCommands } from './runFiles';

export const runCommands = (engine: Engine): Commands<RunApi> => ({
  ...startCommands(engine),
  ...openRunCommands(engine),
  ...storedRunCommands(engine),
  ...runFileCommands(engine),
});

/** What comes before a run, and its beginning. */
function startCommands(engine: Engine): Commands<Pick<RunApi, 'planRun' | 'tryStart' | 'startRun'>> {
  const { active, lane, sources } = engine;
  return {
    async planRun(config, shippedId) {
      const model = shippedId === undefined ? active.model.architecture : await sources.shippedArchitecture(shippedId);
      return (await planGrpo(engine.runtime, model, config)).bytes;
    },

    async tryStart(settings, shippedId) {
      await engine.computing.settle();
      engine.assertIdle('start another run');
      await engine.problems.prepare(settings.task);
      const { runtime } = engine;
      if (shippedId === undefined) return lane.run(() => tryModel(runtime, active.model, settings));
      const folder = await sources.shippedFolder(shippedId);
      return lane.run(async () => {
        const model = await loadLanguageModel(runtime, shippedId, folder, false);
        try {
          return await tryModel(runtime, model, settings);
        } finally {
          model.weights.destroy();
        }
      });
    },

    async startRun(settings, paused = false) {
      await engine.computing.settle();
      engine.assertIdle('start another run');
      await engine.problems.prepare(settings.task);
      const { model, lineage } = active;
      const checked = { ...settings, config: grpoConfig(settings.config) };
      checkGrpoConfig(checked.config);
      checkCompletionLength(checked.config, model.architecture);
      checkRewards(checked.config);
      const record: RunRecord = {
        id: crypto.randomUUID(),
        name: runName(crypto.getRandomValues(new Uint32Array(1))[0] as number),
        createdAt: new Date().toISOString(),
        baseModel: lineage.baseModel,
        parents: lineage.runs,
        settings: checked,
        step: 0,
        status: paused ? 'paused' : 'running',
      };
      await active.closeRun();
      const base = await lane.run(() => active.folder());
      const runner = await active.takeRun(record.id, () =>
        lane.run(() => Runner.start(engine.runServices, model, base, record)),
      );
      if (runner === undefined) throw new RunElsewhereError('Start another one.');
      active.lineage = lineageOf(record);
      if (!paused) runner.resume();
      return runner.record;
    },
  };
}

function assertCodeRead({ record }: Runner): void {
  if (record.codeWaits) throw new UnreadCodeError(record.name);
}

type OpenRunCommand = 'readAgain' | 'pauseRun' | 'resumeRun' | 'saveRun' | 'stepRun' | 'stopRun';

/** What is done with the run that is open. */
function openRunCommands(engine: Engine): Commands<Pick<RunApi, OpenRunCommand>> {
  const onRunner = async (work: (runner: Runner) => Promise<void> | void) => {
    const { runner } = engine.active;
    await work(runner);
    return runner.record;
  };
  return {
    pauseRun: () => onRunner((runner) => runner.pause()),

    resumeRun: () =>
      onRunner((runner) => {
        engine.assertNoPipeline('go on with a run');
        assertCodeRead(runner);
        runner.resume();
      }),

    readAgain: (runId, step, group, member) =>
      engine.lane.run(async () => {
        const { runner } = engine.active;
        return runner.readAgain(runner.record.id === runId ? step : -1, group, member);
      }),

    async saveRun() {
      engine.active.openRunner?.saveSoon();
    },

    stepRun: () =>
      onRunner((runner) => {
        engine.assertNoPipeline('go on with a run');
        assertCodeRead(runner);
        return runner.stepOnce();
      }),

    stopRun: () => onRunner((runner) => runner.stop()),
  };
}

/** How far back answers are looked for. */
const MAX_STEPS_BACK = 500;

type StoredRunCommand = 'listRuns' | 'openRun' | 'runSteps' | 'deleteRun' | 'rollouts';

/** What is done with the runs that are stored. */
function storedRunCommands(engine: Engine): Commands<Pick<RunApi, StoredRunCommand>> {
  const { active, lane, locks, sources } = engine;
  const { runs, checkpoints, bases } = engine.stores;
  const isOpen = (runId: string) => active.openRunner?.record.id === runId;

  const savedStep = async (runId: string) => {
    try {
      return await checkpoints.savedStep(runId);
    } catch (error) {
      // Another tab took it a moment ago.
      if (error instanceof CheckpointInUseError) return undefined;
      throw error;
    }
  };

  const isToSee = async (runId: string) =>
    (await savedStep(runId)) === undefined && !(await locks.listTaken()).has(runId) && (await runs.hasRun(runId));

  const goBack = async (runId: string, atMost: number) => {
    if ((await checkpoints.savedStep(runId, atMost)) === undefined) throw new NoCheckpointError(atMost);
    await checkpoints.dropCheckpointsAfter(runId, atMost);
  };

  /** Puts a stored run on the device as its last checkpoint has it, or the last one up to a step, which then is the last. */
  const reopen = async (runId: string, atMost?: number): Promise<Runner> => {
    const found = await sources.run(runId);
    if (atMost !== undefined) await goBack(runId, atMost);
    await engine.problems.prepare(found.settings.task);
    const snapshot = await sources.runSnapshot(found);
    const { step } = snapshot;
    // Steps after the checkpoint will be taken again.
    await runs.dropStepsAfter(runId, step);
    const isDone = step >= numSteps(found.settings.config);
    const record: RunRecord = { ...found, step, status: isDone ? 'finished' : 'paused' };
    const lineage = lineageOf(record);
    return lane.run(async () => {
      const model = await loadLanguageModel(engine.runtime, lineageName(lineage), snapshot.model, true);
      await active.replace(model, lineage);
      return Runner.reopen(engine.runServices, model, record, snapshot);
    });
  };

  return {
    async listRuns() {
      const [stored, taken] = await Promise.all([runs.listRuns(), locks.listTaken()]);
      return Promise.all(
        stored.map(async (run) => {
          const isElsewhere = taken.has(run.id) && !isOpen(run.id);
          const step = isElsewhere ? undefined : await savedStep(run.id);
          return { ...run, isElsewhere, ...(step !== undefined && { savedStep: step }) };
        }),
      );
    },

    async openRun(runId, atMost) {
      await engine.computing.settle();
      engine.assertIdle('open another run');
      if (isOpen(runId)) await active.closeRun();
      if (await isToSee(runId)) {
        await active.closeRun();
        return { run: await sources.run(runId), steps: await runs.listSteps(runId), isElsewhere: false, isToSee: true };
      }
      const runner = await active.takeRun(runId, () => reopen(runId, atMost));
      const isElsewhere = runner === undefined;
      if (isElsewhere) await active.closeRun();
      else engine.emit({ type: 'modelLoaded', model: active.present() });
      const run = runner?.record ?? (await sources.run(runId));
      const olderStep = isElsewhere ? undefined : await checkpoints.savedStep(runId, run.step - 1);
      return { run, steps: await runs.listSteps(runId), isElsewhere, ...(olderStep !== undefined && { olderStep }) };
    },

    runSteps: (runId) => runs.listSteps(runId),

    async deleteRun(runId) {
      if (isOpen(runId)) {
        active.assertNotTraining('delete this run');
        await active.closeRun();
      }
      const unlock = await locks.take(runId);
      if (unlock === undefined) throw new RunElsewhereError('Close that tab, then delete the run here.');
      try {
        await runs.deleteRun(runId);
        await checkpoints.deleteCheckpoint(runId);
        await bases.delete(runId);
      } finally {
        unlock();
      }
      return null;
    },

    async rollouts(runId, step) {
      const groups = await runs.listRollouts(runId, step);
      // Other programs keep answers of some steps only: those of the step before that has any.
      if (groups.length > 0 || !(await runs.findRun(runId))?.madeElsewhere) return groups;
      const before = (await runs.listSteps(runId)).filter((one) => one.step < step).slice(-MAX_STEPS_BACK);
      for (const one of before.reverse()) {
        const earlier = await runs.listRollouts(runId, one.step);
        if (earlier.length > 0) return earlier;
      }
      return [];
    },
  };
}
