// A complete engine without a model or a GPU: it makes up deterministic answers and runs, for the page's tests and for
// work on the page. `FakeOptions` tells what the page's address may ask of it.

import { zipJob } from '../../export/zipJob';
import type { EngineHandle } from '../../protocol/client';
import type { EngineApi, ModelSource, Result } from '../../protocol/protocol';
import { DEVICE_REPORT, MEASURED_WAYS, PROFILE } from '../madeUpDevice';
import { FakeAsking } from './asking';
import { fakeOptions, Host } from './host';
import { FakeKeptModels } from './keptModels';
import { FakeKnowledge } from './knowledge';
import { FakeLab } from './laboratory';
import { deviceFor, exportModel, loadModel, openCatalogue } from './models';
import { FakePipelines } from './pipelines';
import { FakeProblems } from './problems';
import { ok } from './results';
import { FakeRuns } from './runs';
import { FakeScaling } from './scaling';

const madeUpJob = async (): Promise<Result<Blob>> =>
  ok(await zipJob(new Map([['README.md', new TextEncoder().encode('# A made-up job\n')]]), 'job'));

/** The made-up engine, as the options in a page's address have it. */
export function createFakeEngine(address: URLSearchParams): EngineHandle {
  const host = new Host(fakeOptions(address));
  const runs = new FakeRuns(host);
  const asking = new FakeAsking(host, runs.untilStepEnds);
  const scaling = new FakeScaling(host);
  const pipelines = new FakePipelines(host);
  const problems = new FakeProblems();
  const kept = new FakeKeptModels(host);
  const knowledge = new FakeKnowledge(host);
  const lab = new FakeLab(host);
  const api: EngineApi = {
    open: async (onEvents, wish) => {
      host.listen(onEvents);
      const opened = openCatalogue(host.options, wish);
      if (!opened.ok) return opened;
      const tasks = [...opened.value.tasks, ...(await problems.tasks())];
      return ok({ ...opened.value, tasks });
    },
    computeOn: async (wish) => {
      const device = deviceFor(wish, host.options.devices);
      if (!device.ok) return device;
      runs.leave();
      host.emit({ type: 'deviceChanged', device: device.value });
      return device;
    },
    deviceReport: async () => ok(DEVICE_REPORT),
    measureWays: async () => {
      for (const measured of MEASURED_WAYS) {
        await host.wait(150);
        host.emit({ type: 'wayMeasured', measured });
      }
      return ok(null);
    },
    profileDevice: async () => {
      await host.wait(300);
      return ok(PROFILE);
    },
    loadModel: async (source: ModelSource) => {
      const name = source.kind === 'kept' ? await kept.nameOf(source.id) : undefined;
      const loaded = await loadModel(host, source, name);
      if (loaded.ok) asking.forget();
      if (loaded.ok) runs.leave();
      return loaded;
    },
    modelInfo: async () => ok(host.model),
    exportModel,
    ask: asking.ask,
    stopAsk: asking.stopAsk,
    attention: asking.attention,
    expertChoices: asking.expertChoices,
    planRun: runs.planRun,
    tryStart: runs.tryStart,
    startRun: runs.startRun,
    pauseRun: runs.pauseRun,
    resumeRun: runs.resumeRun,
    saveRun: runs.saveRun,
    stepRun: runs.stepRun,
    stopRun: runs.stopRun,
    listRuns: runs.listRuns,
    openRun: runs.openRun,
    runSteps: runs.runSteps,
    deleteRun: runs.deleteRun,
    readAgain: runs.readAgain,
    rollouts: runs.rollouts,
    exportRun: runs.exportRun,
    importRun: runs.importRun,
    importResults: runs.importResults,
    describeRun: runs.describeRun,
    allowRunCode: runs.allowRunCode,
    rolloutsFile: runs.rolloutsFile,
    beforeAfter: runs.beforeAfter,
    stopBeforeAfter: runs.stopBeforeAfter,
    measureScaling: scaling.measureScaling,
    stopScaling: scaling.stopScaling,
    knowledge: knowledge.knowledge,
    measureKnowledge: knowledge.measureKnowledge,
    stopKnowledge: knowledge.stopKnowledge,
    forgetKnowledge: knowledge.forgetKnowledge,
    listPipelines: pipelines.listPipelines,
    openPipeline: pipelines.openPipeline,
    runPipeline: pipelines.runPipeline,
    stopPipeline: pipelines.stopPipeline,
    deletePipeline: pipelines.deletePipeline,
    pipelineFile: pipelines.pipelineFile,
    stageSteps: pipelines.stageSteps,
    exportCheckpoint: exportModel,
    exportJob: madeUpJob,
    packText: lab.packText,
    unpackText: lab.unpackText,
    stopPacking: lab.stopPacking,
    trainGrid: lab.trainGrid,
    stopGrid: lab.stopGrid,
    growCurriculum: lab.growCurriculum,
    stopCurriculum: lab.stopCurriculum,
    keepModel: kept.keepModel,
    keptModels: kept.keptModels,
    renameModel: kept.renameModel,
    deleteModel: kept.deleteModel,
    problemSets: problems.problemSets,
    keepProblemSet: problems.keepProblemSet,
    deleteProblemSet: problems.deleteProblemSet,
    unreadableCharacters: problems.unreadableCharacters,
  };
  const terminate = () => {
    host.end();
    runs.leave();
  };
  return { api, terminate };
}
