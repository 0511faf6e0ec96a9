// Commands that measure models on held-out problems.
import { readFolder } from '../../formats/huggingface/readFolder';
import { type Commands, SessionError } from '../../protocol/command';
import type { MeasureApi } from '../../protocol/measuring';
import type { MeasuredModel } from '../../protocol/protocol';
import type { Engine } from '../engine';
import { ScalingJob } from '../scalingJob';

export function measureCommands(engine: Engine): Commands<MeasureApi> {
  /** Ends the measurement under way. */
  let scaling: AbortController | undefined;

  const folderOf = async (model: MeasuredModel) => {
    const { lane, active, sources } = engine;
    if (model.kind === 'loaded') return lane.run(() => active.folder());
    if (model.kind === 'beforeRun') return sources.beforeRun(model.runId);
    return readFolder((await sources.find(model)).files);
  };

  return {
    beforeAfter: async (numProblems, seed) => (await engine.active.runner.beforeAfter(numProblems, seed)) ?? null,

    async stopBeforeAfter() {
      engine.active.openRunner?.stopComparing();
    },

    async measureScaling(request) {
      await engine.computing.settle();
      await engine.problems.prepare(request.task);
      if (scaling) throw new SessionError('A measurement is under way.', 'Stop it, or wait for its end.');
      const controller = new AbortController();
      scaling = controller;
      try {
        const folders = await Promise.all(request.models.map(folderOf));
        const job = ScalingJob.create(engine.runServices, folders, request);
        void job.run(controller.signal).finally(() => {
          scaling = undefined;
        });
        return null;
      } catch (error) {
        scaling = undefined;
        throw error;
      }
    },

    async stopScaling() {
      scaling?.abort();
    },
  };
}
