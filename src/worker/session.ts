// The engine's side of protocol.ts: holds the device, the loaded model, the asker and the run, and turns every command into a
// result or an error that says what to do.
import * as v from 'valibot';
import type { OpenDevice } from '../device/contract';
import { type LanguageModel, loadLanguageModel, toFolder } from '../engine/languageModel';
import { openRuntime, type Runtime } from '../engine/runtime';
import type { FileSource } from '../formats/huggingface/fileSource';
import { mapSource } from '../formats/huggingface/fileSource';
import type { ModelFolder } from '../formats/huggingface/folder';
import { readFolder } from '../formats/huggingface/readFolder';
import { readJson } from '../formats/huggingface/readJson';
import { urlSource } from '../formats/huggingface/urlSource';
import { writeFolder } from '../formats/huggingface/writeFolder';
import { unzipSource, zipFolder } from '../formats/huggingface/zipSource';
import { describeError, SoliloquyError } from '../lib/errors';
import type { Architecture } from '../model/architecture';
import { parseConfigJson } from '../model/configJson';
import { allRewards, checkRewards } from '../rewards/registry';
import type { Checkpoints, RunStore, StoredFiles } from '../runs/store';
import type { Sandbox } from '../sandbox/sandbox';
import { createCheckpoints } from '../storage/checkpoints';
import { CheckpointInUseError, StorageUnavailableError } from '../storage/errors';
import { collectGarbage } from '../storage/garbage';
import { memorySlots } from '../storage/memorySlots';
import type { RunLocks } from '../storage/runLocks';
import { runName } from '../storage/runName';
import { openRunStore } from '../storage/runs';
import type { SlotFolder } from '../storage/slotFile';
import { openStoredFiles } from '../storage/storedFiles';
import { openTuningTables } from '../storage/tuningTables';
import { allTasks } from '../tasks/registry';
import { tokenizerFiles } from '../tokenizer/files';
import { type GrpoConfig, grpoConfig, numSteps } from '../trainer/grpoConfig';
import { checkGrpoConfig } from '../trainer/grpoConfigChecks';
import { planGrpo } from '../trainer/grpoParts';
import { checkCompletionLength } from '../trainer/positions';
import { allPresets } from '../trainer/presets';
import { Asker } from './asker';
import { readBase } from './baseModel';
import { EventBatcher } from './eventBatcher';
import { Lane } from './lane';
import { type Lineage, lineageName, lineageOf, lineageSlug } from './lineage';
import { lockOf, PipelineSession } from './pipelineSession';
import { createPipelineShelf, pipelineOfState } from './pipelineShelf';
import { presentModel } from './present';
import { presentDevice } from './presentDevice';
import { presentPipelines } from './presentPipeline';
import { profileModel } from './profileModel';
import type {
  AskRequest,
  BeforeAfter,
  Catalogue,
  DeviceReport,
  EngineApi,
  EngineEvent,
  LayerChoices,
  MeasuredModel,
  ModelInfo,
  ModelSource,
  OpenedRun,
  PipelineRun,
  ProgramProfile,
  Result,
  RolloutGroup,
  RunRecord,
  RunSettings,
  ScalingRequest,
  ShippedModel,
  StartTrial,
  StepMetrics,
  StoredRun,
} from './protocol';
import { type RunSnapshot, unpackRunCheckpoint } from './runCheckpoint';
import { Runner, type RunnerServices } from './runner';
import { ScalingJob } from './scalingJob';
import { tryModel } from './startTrial';

/** A command that does not fit what the engine is doing. */
export class SessionError extends SoliloquyError {
  readonly code = 'not_now';
}

/** A run that another tab has. */
export class RunElsewhereError extends SoliloquyError {
  readonly code = 'run_elsewhere';
  constructor(remedy: string) {
    super('This run is open in another tab of this browser.', remedy);
  }
}

const shippedModelsSchema = v.array(
  v.object({ id: v.string(), sizeBytes: v.number(), isShownFirst: v.optional(v.boolean(), false) }),
);

async function attempt<T>(work: () => Promise<T> | T): Promise<Result<T>> {
  try {
    return { ok: true, value: await work() };
  } catch (error) {
    return { ok: false, error: describeError(error) };
  }
}

export class EngineSession implements EngineApi {
  readonly #lane = new Lane();
  #events = new EventBatcher(() => {});
  #runtime: Runtime | undefined;
  #store: RunStore | undefined;
  #checkpoints: Checkpoints | undefined;
  #keepsCheckpoints = true;
  #files: StoredFiles | undefined;
  #bases: StoredFiles | undefined;
  #model: LanguageModel | undefined;
  #lineage: Lineage = { baseModel: '', runs: [] };
  /** The loaded model's card, once the run that trained it was left. */
  #card: string | undefined;
  #asker: Asker | undefined;
  #runner: Runner | undefined;
  #pipelines: PipelineSession | undefined;
  /** Gives the runner's run back for other tabs to open. */
  #giveBack = () => {};
  #nextAskId = 1;
  /** Ends the measurement under way. */
  #scaling: AbortController | undefined;
  /** Ends the comparison under way. */
  #comparison = new AbortController();

  /** @param openSlots where checkpoints are kept; called once the engine opens.
   *  @param locks keep two tabs from going on with one run.
   *  @param sandbox runs answers that are programs, and the reader's own reward. */
  constructor(
    private readonly openDevice: OpenDevice,
    private readonly baseUrl: URL,
    private readonly openSlots: () => Promise<SlotFolder>,
    private readonly locks: RunLocks,
    private readonly sandbox: Sandbox,
  ) {}

  open(onEvents: (batch: readonly EngineEvent[]) => void): Promise<Result<Catalogue>> {
    this.#events = new EventBatcher(onEvents);
    return attempt(async () => {
      const runtime = await openRuntime(this.openDevice, this.sandbox, openTuningTables());
      this.#runtime = runtime;
      void runtime.device.lost.then((error) => {
        this.#forgetDevice();
        this.#emit({ type: 'deviceLost', error: describeError(error) });
      });
      this.#store ??= await openRunStore();
      this.#checkpoints ??= createCheckpoints(await this.#findSlots());
      this.#files ??= await openStoredFiles('pipelines');
      this.#bases ??= await openStoredFiles('bases');
      const shelf = createPipelineShelf(this.#files, this.#checkpoints);
      this.#pipelines ??= new PipelineSession({
        lane: this.#lane,
        locks: this.locks,
        shelf,
        runtime: () => this.#getRuntime(),
        listInputs: async () => (await this.#shippedModels()).map(({ id }) => id),
        readInput: async (id) => readFolder((await this.#source({ kind: 'shipped', id })).files),
        emit: (event) => this.#emit(event),
      });
      // What is left over now will be so at the next opening, too, if it cannot be collected.
      void this.#collectGarbage(this.#store, this.#files, this.#checkpoints, this.#bases).catch(() => undefined);
      const { device } = runtime;
      return {
        kept: { records: this.#store.isDurable && this.#files.isDurable, checkpoints: this.#keepsCheckpoints },
        device: { name: device.name, isSoftware: device.isSoftware },
        tasks: allTasks().map(({ name, dials, examples }) => ({ name, dials, examples })),
        presets: allPresets(),
        rewards: allRewards().map((reward) => reward.name),
        models: await this.#shippedModels(),
        pipelines: presentPipelines(),
      };
    });
  }

  /** Where checkpoints go: where the browser offers no place, into memory, which the catalogue tells. */
  async #findSlots(): Promise<SlotFolder> {
    try {
      return await this.openSlots();
    } catch (error) {
      if (!(error instanceof StorageUnavailableError)) throw error;
      this.#keepsCheckpoints = false;
      return memorySlots();
    }
  }

  /** Without records that last, no checkpoint is known to belong to nothing. */
  async #collectGarbage(
    store: RunStore,
    files: StoredFiles,
    checkpoints: Checkpoints,
    bases: StoredFiles,
  ): Promise<void> {
    if (!store.isDurable || !files.isDurable) return;
    const ofRun = (id: string) => ({ lock: id, exists: () => store.hasRun(id) });
    const states = {
      ids: () => checkpoints.listCheckpoints(),
      delete: (id: string) => checkpoints.deleteCheckpoint(id),
    };
    await collectGarbage(states, this.locks, (id) => {
      const pipeline = pipelineOfState(id);
      if (pipeline === undefined) return ofRun(id);
      return { lock: lockOf(pipeline), exists: async () => (await files.list(pipeline)).length > 0 };
    });
    await collectGarbage({ ids: () => bases.names(), delete: (id) => bases.delete(id) }, this.locks, ofRun);
  }

  deviceReport(): Promise<Result<DeviceReport>> {
    return attempt(() => presentDevice(this.#getRuntime().device, this.#runner?.plannedBytes));
  }

  profileDevice(): Promise<Result<readonly ProgramProfile[]>> {
    return attempt(() => this.#lane.run(() => profileModel(this.#getRuntime(), this.#getModel())));
  }

  loadModel(source: ModelSource): Promise<Result<ModelInfo>> {
    return attempt(async () => {
      // A pipeline has models of its own, so it may run on.
      this.#assertNoRun('load another model');
      this.#emit({ type: 'modelLoadProgressed', stage: 'download', done: 0, total: 0 });
      const { lineage, folder } = await this.#readModel(source);
      this.#emit({ type: 'modelLoadProgressed', stage: 'upload', done: 0, total: 1 });
      // The new model is whole on the device before the old one goes, so that a failure leaves the old one usable.
      const loaded = await loadLanguageModel(this.#getRuntime(), lineageName(lineage), folder, true);
      await this.#lane.run(() => this.#replaceModel(loaded, lineage));
      const model = this.#presentModel();
      this.#emit({ type: 'modelLoaded', model });
      return model;
    });
  }

  modelInfo(): Promise<Result<ModelInfo>> {
    return attempt(() => this.#presentModel());
  }

  exportModel(): Promise<Result<Uint8Array>> {
    return attempt(() =>
      this.#lane.run(async () => {
        const model = this.#getModel();
        const folder = await this.#folder();
        const extras = { ...tokenizerFiles(model.tokenizer), ...this.#runner?.extras };
        return zipFolder(await writeFolder(folder, extras), lineageSlug(this.#lineage));
      }),
    );
  }

  ask(request: AskRequest): Promise<Result<number>> {
    return attempt(() => {
      const asker = this.#getAsker();
      const plan = asker.plan(request);
      const askId = this.#nextAskId++;
      const emit = (event: EngineEvent) => this.#emit(event);
      this.#lane
        .run(() => asker.answer(askId, plan, emit))
        .catch((error) => this.#emit({ type: 'askFailed', askId, error: describeError(error) }));
      return askId;
    });
  }

  async stopAsk(): Promise<void> {
    this.#asker?.stop();
  }

  expertChoices(askId: number, sample: number): Promise<Result<readonly LayerChoices[]>> {
    return attempt(() => this.#lane.run(() => this.#getAsker().expertChoices(askId, sample)));
  }

  planRun(config: GrpoConfig, shippedId?: string): Promise<Result<number>> {
    return attempt(async () => {
      const model =
        shippedId === undefined ? this.#getModel().architecture : await this.#shippedArchitecture(shippedId);
      return (await planGrpo(this.#getRuntime(), model, config)).bytes;
    });
  }

  tryStart(settings: RunSettings, shippedId?: string): Promise<Result<StartTrial>> {
    return attempt(async () => {
      this.#assertNotRunning('start another run');
      const runtime = this.#getRuntime();
      if (shippedId === undefined) return this.#lane.run(() => tryModel(runtime, this.#getModel(), settings));
      const folder = await readFolder((await this.#source({ kind: 'shipped', id: shippedId })).files);
      return this.#lane.run(async () => {
        const model = await loadLanguageModel(runtime, shippedId, folder, false);
        try {
          return await tryModel(runtime, model, settings);
        } finally {
          model.weights.destroy();
        }
      });
    });
  }

  startRun(settings: RunSettings, paused = false): Promise<Result<RunRecord>> {
    return attempt(async () => {
      this.#assertNotRunning('start another run');
      const model = this.#getModel();
      const checked = { ...settings, config: grpoConfig(settings.config) };
      checkGrpoConfig(checked.config);
      checkCompletionLength(checked.config, model.architecture);
      checkRewards(checked.config);
      const seed = crypto.getRandomValues(new Uint32Array(1))[0] as number;
      const record: RunRecord = {
        id: crypto.randomUUID(),
        name: runName(seed),
        createdAt: new Date().toISOString(),
        baseModel: this.#lineage.baseModel,
        parents: this.#lineage.runs,
        settings: checked,
        step: 0,
        status: paused ? 'paused' : 'running',
      };
      await this.#closeRunner();
      const base = await this.#lane.run(() => this.#folder());
      const runner = await this.#takeRun(record.id, () =>
        this.#lane.run(() => Runner.start(this.#services(), model, base, record)),
      );
      if (runner === undefined) throw new RunElsewhereError('Start another one.');
      this.#lineage = lineageOf(record);
      if (!paused) runner.resume();
      return runner.record;
    });
  }

  pauseRun(): Promise<Result<RunRecord>> {
    return this.#withRunner((runner) => runner.pause());
  }

  resumeRun(): Promise<Result<RunRecord>> {
    return this.#withRunner((runner) => {
      this.#assertNoPipeline('go on with a run');
      runner.resume();
    });
  }

  async saveRun(): Promise<void> {
    this.#runner?.saveSoon();
  }

  stepRun(): Promise<Result<RunRecord>> {
    return this.#withRunner((runner) => {
      this.#assertNoPipeline('go on with a run');
      return runner.stepOnce();
    });
  }

  stopRun(): Promise<Result<RunRecord>> {
    return this.#withRunner((runner) => runner.stop());
  }

  listRuns(): Promise<Result<readonly StoredRun[]>> {
    return attempt(async () => {
      const [runs, taken] = await Promise.all([this.#getStore().listRuns(), this.locks.listTaken()]);
      return Promise.all(
        runs.map(async (run) => {
          const isElsewhere = taken.has(run.id) && run.id !== this.#runner?.record.id;
          const savedStep = isElsewhere ? undefined : await this.#savedStep(run.id);
          return { ...run, isElsewhere, ...(savedStep !== undefined && { savedStep }) };
        }),
      );
    });
  }

  openRun(runId: string): Promise<Result<OpenedRun>> {
    return attempt(async () => {
      this.#assertNotRunning('open another run');
      if (this.#runner?.record.id === runId) await this.#closeRunner();
      const runner = await this.#takeRun(runId, () => this.#reopen(runId));
      const isElsewhere = runner === undefined;
      if (isElsewhere) await this.#closeRunner();
      const run = runner?.record ?? (await this.#findRun(runId));
      return { run, steps: await this.#getStore().listSteps(runId), isElsewhere };
    });
  }

  runSteps(runId: string): Promise<Result<readonly StepMetrics[]>> {
    return attempt(() => this.#getStore().listSteps(runId));
  }

  deleteRun(runId: string): Promise<Result<null>> {
    return attempt(async () => {
      if (this.#runner?.record.id === runId) {
        this.#assertNoRun('delete this run');
        await this.#closeRunner();
      }
      const giveBack = await this.locks.take(runId);
      if (giveBack === undefined) throw new RunElsewhereError('Close that tab, then delete the run here.');
      try {
        await this.#getStore().deleteRun(runId);
        await this.#getCheckpoints().deleteCheckpoint(runId);
        await this.#getBases().delete(runId);
      } finally {
        giveBack();
      }
      return null;
    });
  }

  rollouts(runId: string, step: number): Promise<Result<readonly RolloutGroup[]>> {
    return attempt(() => this.#getStore().listRollouts(runId, step));
  }

  beforeAfter(numProblems: number, seed: number): Promise<Result<BeforeAfter | null>> {
    this.#comparison.abort();
    this.#comparison = new AbortController();
    const { signal } = this.#comparison;
    return attempt(async () => {
      try {
        return await this.#getRunner().beforeAfter(numProblems, seed, signal);
      } catch (error) {
        if (signal.aborted) return null;
        throw error;
      }
    });
  }

  async stopBeforeAfter(): Promise<void> {
    this.#comparison.abort();
  }

  measureScaling(request: ScalingRequest): Promise<Result<null>> {
    return attempt(async () => {
      if (this.#scaling) throw new SessionError('A measurement is under way.', 'Stop it, or wait for its end.');
      const scaling = new AbortController();
      this.#scaling = scaling;
      try {
        const services = this.#services();
        const folders = await Promise.all(request.models.map((model) => this.#measuredFolder(model)));
        const job = ScalingJob.create(services, folders, request);
        void job.run(scaling.signal).finally(() => {
          this.#scaling = undefined;
        });
        return null;
      } catch (error) {
        this.#scaling = undefined;
        throw error;
      }
    });
  }

  async stopScaling(): Promise<void> {
    this.#scaling?.abort();
  }

  listPipelines(): Promise<Result<readonly PipelineRun[]>> {
    return attempt(() => this.#getPipelines().list());
  }

  runPipeline(name: string, only?: string): Promise<Result<PipelineRun>> {
    return attempt(() => {
      this.#assertNoRun('run a pipeline');
      return this.#getPipelines().run(name, only);
    });
  }

  stopPipeline(): Promise<Result<PipelineRun>> {
    return attempt(() => this.#getPipelines().stop());
  }

  deletePipeline(name: string): Promise<Result<null>> {
    return attempt(async () => {
      await this.#getPipelines().delete(name);
      return null;
    });
  }

  openPipeline(text: string, fileName: string): Promise<Result<PipelineRun>> {
    return attempt(() => this.#getPipelines().open(text, fileName));
  }

  pipelineFile(name: string): Promise<Result<string>> {
    return attempt(() => this.#getPipelines().file(name));
  }

  stageSteps(pipeline: string, stage: string): Promise<Result<readonly StepMetrics[]>> {
    return attempt(() => this.#getPipelines().steps(pipeline, stage));
  }

  exportCheckpoint(pipeline: string, checkpoint: string): Promise<Result<Uint8Array>> {
    return attempt(() => this.#getPipelines().zip(pipeline, checkpoint));
  }

  #emit(event: EngineEvent): void {
    this.#events.emit(event);
  }

  async #shippedModels(): Promise<readonly ShippedModel[]> {
    const response = await fetch(new URL('models/models.json', this.baseUrl));
    return response.ok ? v.parse(shippedModelsSchema, await response.json()) : [];
  }

  async #shippedArchitecture(id: string): Promise<Architecture> {
    const { files } = await this.#source({ kind: 'shipped', id });
    return parseConfigJson(await readJson(files, 'config.json')).architecture;
  }

  async #readModel(source: ModelSource) {
    const { lineage, files } = await this.#source(source);
    const folder = await readFolder(files);
    this.#emit({ type: 'modelLoadProgressed', stage: 'check', done: 1, total: 1 });
    return { lineage, folder };
  }

  async #measuredFolder(model: MeasuredModel): Promise<ModelFolder> {
    if (model.kind === 'loaded') return this.#lane.run(() => this.#folder());
    if (model.kind !== 'beforeRun') return readFolder((await this.#source(model)).files);
    if ((await this.#getBases().list(model.runId)).length > 0) return readBase(this.#getBases(), model.runId);
    const { base } = await this.#runSnapshot(await this.#findRun(model.runId));
    if (!base) throw new SessionError('The model before this run is not stored.', 'Choose another model.');
    return base;
  }

  async #source(source: ModelSource): Promise<{ lineage: Lineage; files: FileSource }> {
    switch (source.kind) {
      case 'shipped': {
        const url = new URL(`models/${source.id}`, this.baseUrl).href;
        const onProgress = (_: string, done: number, total: number) =>
          this.#emit({ type: 'modelLoadProgressed', stage: 'download', done, total });
        return { lineage: { baseModel: source.id, runs: [] }, files: urlSource(url, onProgress) };
      }
      case 'files': {
        const [first] = source.files;
        const isZip = source.files.length === 1 && first !== undefined && /\.zip$/i.test(first.name);
        const files = new Map(source.files.map((file) => [file.name.replace(/^.*\//, ''), file.bytes]));
        return {
          lineage: { baseModel: source.name, runs: [] },
          files: isZip ? unzipSource(source.name, first.bytes) : mapSource(source.name, files),
        };
      }
      case 'run': {
        const run = await this.#findRun(source.runId);
        return { lineage: lineageOf(run), files: (await this.#runSnapshot(run)).source };
      }
      case 'checkpoint': {
        const files = await this.#getPipelines().source(source.pipeline, source.checkpoint);
        return { lineage: { baseModel: files.name, runs: [] }, files };
      }
    }
  }

  /** Makes a run's runner while no other tab has the run; undefined, and nothing made, if one has. */
  async #takeRun(runId: string, create: () => Promise<Runner>): Promise<Runner | undefined> {
    const giveBack = await this.locks.take(runId);
    if (giveBack === undefined) return undefined;
    try {
      this.#runner = await create();
      this.#giveBack = giveBack;
      return this.#runner;
    } catch (error) {
      giveBack();
      throw error;
    }
  }

  async #savedStep(runId: string): Promise<number | undefined> {
    try {
      return await this.#getCheckpoints().savedStep(runId);
    } catch (error) {
      // Another tab took it a moment ago.
      if (error instanceof CheckpointInUseError) return undefined;
      throw error;
    }
  }

  async #findRun(runId: string): Promise<RunRecord> {
    const found = await this.#getStore().findRun(runId);
    if (!found) throw new SessionError('This run is not stored here.', 'Choose one of the runs in the list.');
    return found;
  }

  /** A run as its last checkpoint has it. Throws SessionError where it has none. */
  async #runSnapshot(run: RunRecord): Promise<RunSnapshot> {
    const stored = await this.#getCheckpoints().loadCheckpoint(run.id);
    if (stored) return unpackRunCheckpoint(lineageName(lineageOf(run)), stored);
    throw new SessionError(`${run.name} has no checkpoint yet.`, 'Start it again; it is saved while it trains.');
  }

  /** Puts a stored run on the device as its last checkpoint has it. */
  async #reopen(runId: string): Promise<Runner> {
    const found = await this.#findRun(runId);
    const snapshot = await this.#runSnapshot(found);
    const { step } = snapshot;
    // Steps after the checkpoint will be taken again.
    await this.#getStore().dropStepsAfter(runId, step);
    const isDone = step >= numSteps(found.settings.config);
    const record: RunRecord = { ...found, step, status: isDone ? 'finished' : 'paused' };
    const lineage = lineageOf(record);
    const runner = await this.#lane.run(async () => {
      const model = await loadLanguageModel(this.#getRuntime(), lineageName(lineage), snapshot.model, true);
      await this.#replaceModel(model, lineage);
      return Runner.reopen(this.#services(), model, record, snapshot);
    });
    this.#emit({ type: 'modelLoaded', model: this.#presentModel() });
    return runner;
  }

  /** The loaded model's card, which is its own from the moment that a run trains it. */
  get #readme(): string | undefined {
    return this.#runner?.card ?? this.#card ?? this.#getModel().folder.readme;
  }

  /** The loaded model as it is now. */
  async #folder(): Promise<ModelFolder> {
    return { ...(await toFolder(this.#getRuntime(), this.#getModel())), readme: this.#readme };
  }

  #presentModel(): ModelInfo {
    return presentModel(this.#getModel(), this.#lineage, this.#readme);
  }

  /** Puts a model in the place of the one before, which is freed. */
  async #replaceModel(model: LanguageModel, lineage: Lineage): Promise<void> {
    const [asker, old] = [this.#asker, this.#model];
    this.#emit({ type: 'modelLoadProgressed', stage: 'compile', done: 0, total: 1 });
    const next = new Asker(this.#getRuntime(), model);
    await next.warmUp();
    this.#model = model;
    this.#lineage = lineage;
    this.#asker = next;
    await asker?.destroy();
    await this.#leaveRun()?.releaseTrainer();
    this.#card = undefined;
    old?.weights.destroy();
    this.#emit({ type: 'modelLoadProgressed', stage: 'compile', done: 1, total: 1 });
  }

  /** Leaves the run for other tabs to open; its runner still holds what it has on the device. */
  #leaveRun(): Runner | undefined {
    const runner = this.#runner;
    this.#card = runner?.card ?? this.#card;
    this.#runner = undefined;
    this.#comparison.abort();
    this.#giveBack();
    this.#giveBack = () => {};
    return runner;
  }

  async #closeRunner(): Promise<void> {
    const runner = this.#leaveRun();
    if (runner) await this.#lane.run(() => runner.releaseTrainer());
  }

  #withRunner(work: (runner: Runner) => Promise<void> | void): Promise<Result<RunRecord>> {
    return attempt(async () => {
      const runner = this.#getRunner();
      await work(runner);
      return runner.record;
    });
  }

  #forgetDevice(): void {
    this.#runtime = undefined;
    this.#model = undefined;
    this.#asker = undefined;
    this.#leaveRun();
  }

  #assertNoRun(what: string): void {
    if (!this.#runner?.isRunning) return;
    throw new SessionError(`${this.#runner.record.name} is training.`, `Pause or stop it to ${what}.`);
  }

  #assertNoPipeline(what: string): void {
    const name = this.#pipelines?.running;
    if (name !== undefined) throw new SessionError(`The pipeline ${name} is running.`, `Stop it to ${what}.`);
  }

  #assertNotRunning(what: string): void {
    this.#assertNoRun(what);
    this.#assertNoPipeline(what);
  }

  #services(): RunnerServices {
    return {
      runtime: this.#getRuntime(),
      lane: this.#lane,
      store: this.#getStore(),
      checkpoints: this.#getCheckpoints(),
      bases: this.#getBases(),
      emit: (event) => this.#emit(event),
    };
  }

  #getRuntime(): Runtime {
    if (!this.#runtime) throw new SessionError('There is no graphics device.', 'Reload the page.');
    return this.#runtime;
  }

  #getStore(): RunStore {
    if (!this.#store) throw new SessionError('The engine is not open yet.', 'Wait for it to start.');
    return this.#store;
  }

  #getCheckpoints(): Checkpoints {
    if (!this.#checkpoints) throw new SessionError('The engine is not open yet.', 'Wait for it to start.');
    return this.#checkpoints;
  }

  #getBases(): StoredFiles {
    if (!this.#bases) throw new SessionError('The engine is not open yet.', 'Wait for it to start.');
    return this.#bases;
  }

  #getPipelines(): PipelineSession {
    if (!this.#pipelines) throw new SessionError('The engine is not open yet.', 'Wait for it to start.');
    return this.#pipelines;
  }

  #getModel(): LanguageModel {
    if (!this.#model) throw new SessionError('No model is loaded.', 'Load a model first.');
    return this.#model;
  }

  #getAsker(): Asker {
    if (!this.#asker) throw new SessionError('No model is loaded.', 'Load a model first.');
    return this.#asker;
  }

  #getRunner(): Runner {
    if (!this.#runner) throw new SessionError('There is no run.', 'Start a run, or open a stored one.');
    return this.#runner;
  }
}
