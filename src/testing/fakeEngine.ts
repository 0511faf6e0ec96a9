// A complete engine without a model or a GPU: it makes up deterministic answers and runs, for the page's tests and for
// work on the page. Options in the page's address: `device=none` (no WebGPU), `device=small` (one too small),
// `speed=4` (four times as fast), `lose=3` (the device is lost after step 3), `checkpoints=damaged` (no run can be opened),
// `disk=full` (nothing is saved).

import { describeError, type ErrorCode } from '../lib/errors';
import { rng } from '../lib/rng';
import { parsePipelineFile, pipelineFile } from '../runs/pipeline';
import { createRunLocks } from '../storage/runLocks';
import { chainedSums } from '../tasks/chainedSums';
import { findProblem } from '../tasks/registry';
import { numSteps } from '../trainer/grpoConfig';
import { lineageName, lineageOf } from '../worker/lineage';
import type {
  AskRequest,
  BeforeAfter,
  Catalogue,
  DescribedError,
  EngineApi,
  EngineEvent,
  GrpoConfig,
  Kept,
  ModelInfo,
  ModelSource,
  PipelineRun,
  Result,
  RolloutGroup,
  RunActivity,
  RunRecord,
  RunSettings,
  ScalingRequest,
  StartTrial,
  StoredRun,
} from '../worker/protocol';
import { FakePipelines } from './fakePipelines';
import {
  CATALOGUE,
  MODEL,
  madeUpBeforeAfter,
  madeUpGroup,
  madeUpLoad,
  madeUpMeasure,
  madeUpMetrics,
  withFailure,
} from './madeUp';
import { madeUpChoices, madeUpSummary, madeUpTokens } from './madeUpAnswer';
import { DEVICE_REPORT, madeUpAskCost, madeUpStepCost, PROFILE } from './madeUpDevice';

const TOKEN_MS = 40;
const PHASE_MS = 60;
const EVENT_MS = 33;
const STORAGE_KEY = 'soliloquy.fakeRuns';

const ok = <T>(value: T): Result<T> => ({ ok: true, value });
const failure = (code: ErrorCode, userMessage: string, remedy: string): { ok: false; error: DescribedError } => ({
  ok: false,
  error: { code, userMessage, remedy },
});
const NO_PIPELINE = failure('pipeline_not_now', 'No such pipeline can run now.', 'Stop the one that runs.');
const NO_RUN = failure('not_now', 'No run is open.', 'Start a run first.');

const DEVICE_LOST: DescribedError = {
  code: 'device_lost',
  userMessage: 'The GPU went away.',
  remedy: 'Reconnect; nothing before the last checkpoint is lost.',
};

const DAMAGED = failure(
  'checkpoint_damaged',
  'Every checkpoint of this run is damaged, so it cannot go on.',
  'Start a new run with its settings.',
);
const DISK_FULL: DescribedError = {
  code: 'storage_full',
  userMessage: 'There is no space left to store the checkpoint.',
  remedy: 'Delete old runs or free some disk space.',
};

type KeptRun = RunRecord & { readonly savedStep: number };

class FakeEngine implements EngineApi {
  #emit: (batch: readonly EngineEvent[]) => void = () => {};
  #askId = 0;
  #isScalingStopped = false;
  #isComparing = false;
  #stopAsked = false;
  #asked: { readonly askId: number; readonly request: AskRequest } | undefined;
  #run: RunRecord | undefined;
  #model = MODEL;
  #giveBack = () => {};
  readonly #locks = createRunLocks(navigator.locks);
  #isLooping = false;
  /** The step under way, for whose end a question waits. */
  #stepping: Promise<void> = Promise.resolve();
  #isDead = false;
  readonly #pipelines = new FakePipelines(
    (event) => this.#emit([event]),
    (ms) => this.#wait(ms),
  );
  readonly #speed: number;
  readonly #device: string | null;
  readonly #loseAtStep: number;
  readonly #kept: Kept;
  readonly #isDamaged: boolean;
  readonly #isFull: boolean;

  constructor(options: URLSearchParams) {
    this.#speed = Number(options.get('speed') ?? 1);
    this.#device = options.get('device');
    this.#loseAtStep = Number(options.get('lose') ?? 0);
    this.#kept = options.get('storage') === 'none' ? { records: false, checkpoints: false } : CATALOGUE.kept;
    this.#isDamaged = options.get('checkpoints') === 'damaged';
    this.#isFull = options.get('disk') === 'full';
  }

  terminate() {
    this.#isDead = true;
    this.#giveBack();
  }

  async open(onEvents: (batch: readonly EngineEvent[]) => void): Promise<Result<Catalogue>> {
    this.#emit = (batch) => {
      if (!this.#isDead) onEvents(batch);
    };
    if (this.#device === 'small') {
      return failure('device_too_small', 'This GPU offers 16 MiB; the model needs 128 MiB.', 'Use another device.');
    }
    if (this.#device !== 'none') return ok({ ...CATALOGUE, kept: this.#kept });
    return failure('webgpu_missing', 'This browser gave no GPU.', 'Use a browser with WebGPU.');
  }

  async loadModel(source: Parameters<EngineApi['loadModel']>[0]): Promise<Result<ModelInfo>> {
    if (source.kind === 'files' && !source.files.some(({ name }) => name === 'config.json' || name.endsWith('.zip'))) {
      return failure('bad_model_folder', `${source.name} has no config.json.`, 'Choose a Hugging Face model folder.');
    }
    for (const stage of ['download', 'check', 'upload', 'compile'] as const) {
      this.#emit([{ type: 'modelLoadProgressed', stage, done: 1, total: 2 }]);
      await this.#wait(20);
    }
    this.#asked = undefined;
    this.#model = { ...MODEL, name: nameOf(source) };
    this.#leaveRun();
    this.#emit([{ type: 'modelLoaded', model: this.#model }]);
    return ok(this.#model);
  }

  deviceReport = async () => ok(DEVICE_REPORT);
  planRun = async (config: GrpoConfig) => ok(2e6 + 3e5 * config.num_prompts * config.num_generations);

  async profileDevice() {
    await this.#wait(300);
    return ok(PROFILE);
  }

  modelInfo = async (): Promise<Result<ModelInfo>> => ok(this.#model);
  exportModel = async (): Promise<Result<Uint8Array>> =>
    ok(new Uint8Array([0x50, 0x4b, 5, 6, ...new Array(18).fill(0)]));

  async ask(request: AskRequest): Promise<Result<number>> {
    if (request.question === '') return failure('bad_question', 'There is no question.', 'Write a question.');
    const letter = /[a-z]/i.exec(request.question)?.[0];
    if (letter !== undefined && !findProblem(request.question)) {
      return failure('unreadable_text', `The model does not know the character "${letter}".`, 'Ask a sum.');
    }
    const budget = request.thinking?.budget ?? 0;
    if (request.thinking && budget + 24 > request.maxTokens) {
      const what = `A thinking budget of ${budget} tokens does not fit answers of ${request.maxTokens}.`;
      return failure('bad_thinking_control', what, `Allow at least ${budget + 24} tokens.`);
    }
    const askId = ++this.#askId;
    this.#stopAsked = false;
    this.#asked = { askId, request };
    void this.#answer(askId, request);
    return ok(askId);
  }

  async #answer(askId: number, request: AskRequest): Promise<void> {
    await this.#stepping;
    this.#emit([{ type: 'askStarted', askId, numPromptTokens: request.question.length }]);
    const answers = Array.from({ length: request.samples }, (_, sample) => madeUpTokens(request, sample));
    const perBatch = Math.max(1, Math.round((EVENT_MS * this.#speed) / TOKEN_MS));
    const longest = Math.max(...answers.map(({ length }) => length));
    const end = (sample: number, count: number, isStopped: boolean) => {
      const tokens = answers[sample]?.slice(0, count) ?? [];
      const summary = madeUpSummary(request, tokens, isStopped, TOKEN_MS);
      this.#emit([{ type: 'answerEnded', askId, sample, summary }]);
    };
    let sent = 0;
    while (sent < longest && !this.#stopAsked) {
      await this.#wait(TOKEN_MS * perBatch);
      for (const [sample, all] of answers.entries()) {
        const tokens = all.slice(sent, sent + perBatch);
        const elapsedMs = (sent + tokens.length) * TOKEN_MS;
        if (tokens.length > 0) this.#emit([{ type: 'tokensStreamed', askId, sample, tokens, elapsedMs }]);
        if (tokens.length > 0 && sent + perBatch >= all.length) end(sample, all.length, false);
      }
      sent += perBatch;
    }
    answers.forEach(({ length }, sample) => {
      if (length > sent) end(sample, sent, true);
    });
    const tokens = answers.reduce((sum, { length }) => sum + Math.min(sent, length), 0);
    const summary = {
      prefill: { tokens: request.question.length, ms: 4 },
      decode: { tokens, ms: Math.min(sent, longest) * TOKEN_MS },
    };
    this.#emit([{ type: 'askFinished', askId, summary, expertLoad: madeUpLoad(request.seed, 2, 8, tokens) }]);
    this.#emit([{ type: 'workMeasured', work: 'ask', cost: madeUpAskCost(tokens) }]);
  }

  async stopAsk(): Promise<void> {
    this.#stopAsked = true;
  }

  async expertChoices(askId: number, sample: number): ReturnType<EngineApi['expertChoices']> {
    if (this.#asked?.askId !== askId)
      return failure('bad_question', 'Another question was asked since.', 'Ask it again.');
    await this.#wait(200);
    return ok(madeUpChoices(this.#asked.request, sample));
  }

  /** Sums can be learned, unless the last run of the loaded model wrecked it. */
  async tryStart(settings: RunSettings, shippedId?: string): Promise<Result<StartTrial>> {
    await this.#wait(200);
    const last = shippedId === undefined && this.#stored().find(({ name }) => name === this.#model.runs.at(-1));
    const isRight = settings.task === 'chained_sums' && !(last && isWrecked(last));
    return ok({ problems: 16, right: isRight ? 6 : 0 });
  }

  async startRun(settings: RunSettings, paused = false): Promise<Result<RunRecord>> {
    const number = this.#stored().length + 1;
    await this.#take(`run-${number}`);
    const run: RunRecord = {
      id: `run-${number}`,
      name: `calm-otter-${number}`,
      createdAt: new Date(Date.UTC(2026, 0, number)).toISOString(),
      baseModel: this.#model.name.split(' · ')[0] as string,
      parents: this.#model.runs,
      settings,
      step: 0,
      status: paused ? 'paused' : 'running',
    };
    this.#change(run);
    this.#trains(run);
    if (!paused) void this.#train();
    return this.#answerRun();
  }

  async pauseRun(): Promise<Result<RunRecord>> {
    return this.#settle('paused');
  }

  async resumeRun(): Promise<Result<RunRecord>> {
    if (this.#run === undefined) return NO_RUN;
    this.#change({ ...this.#run, status: 'running' });
    void this.#train();
    return this.#answerRun();
  }

  async saveRun(): Promise<void> {
    if (this.#run?.status === 'running') this.#save(this.#run);
  }

  async stepRun(): Promise<Result<RunRecord>> {
    if (this.#run === undefined) return NO_RUN;
    await this.#step();
    return this.#settle('paused');
  }

  async stopRun(): Promise<Result<RunRecord>> {
    return this.#settle('finished');
  }

  async listRuns(): Promise<Result<readonly StoredRun[]>> {
    const taken = await this.#locks.listTaken();
    return ok(
      this.#stored().map(({ savedStep, ...run }) => {
        const isElsewhere = taken.has(run.id) && run.id !== this.#run?.id;
        return { ...run, isElsewhere, ...(!isElsewhere && { savedStep }) };
      }),
    );
  }

  async openRun(runId: string): ReturnType<EngineApi['openRun']> {
    const stored = this.#stored().find(({ id }) => id === runId);
    if (stored === undefined) return NO_RUN;
    const isElsewhere = !(await this.#take(runId));
    const { savedStep, ...found } = stored;
    if (!isElsewhere && this.#isDamaged) return DAMAGED;
    const isDone = savedStep >= numSteps(found.settings.config);
    const run: RunRecord = isElsewhere ? found : { ...found, step: savedStep, status: isDone ? 'finished' : 'paused' };
    if (!isElsewhere) {
      this.#change(run);
      this.#trains(run);
    }
    return ok({ run, steps: madeUpSteps(run), isElsewhere });
  }

  async runSteps(runId: string): ReturnType<EngineApi['runSteps']> {
    const stored = this.#stored().find(({ id }) => id === runId);
    return stored === undefined ? NO_RUN : ok(madeUpSteps(stored));
  }

  async deleteRun(runId: string): Promise<Result<null>> {
    this.#store(this.#stored().filter(({ id }) => id !== runId));
    return ok(null);
  }

  async rollouts(runId: string, step: number): Promise<Result<readonly RolloutGroup[]>> {
    const run = this.#stored().find(({ id }) => id === runId) ?? this.#run;
    return run === undefined ? NO_RUN : ok(this.#groups(run, step));
  }

  async beforeAfter(numProblems: number, seed: number): Promise<Result<BeforeAfter | null>> {
    if (this.#run === undefined) return NO_RUN;
    const { id: runId } = this.#run;
    const total = 2 * numProblems;
    this.#isComparing = true;
    for (let done = 0; done <= total; done += 16) {
      if (!this.#isComparing) return ok(null);
      this.#emit([{ type: 'comparisonProgressed', runId, done, total }]);
      await this.#wait(40);
    }
    return ok(madeUpBeforeAfter(numProblems, seed));
  }

  async stopBeforeAfter(): Promise<void> {
    this.#isComparing = false;
  }

  async measureScaling(request: ScalingRequest): Promise<Result<null>> {
    this.#isScalingStopped = false;
    void this.#scale(request);
    return ok(null);
  }

  async stopScaling(): Promise<void> {
    this.#isScalingStopped = true;
  }

  async #scale(request: ScalingRequest): Promise<void> {
    const controls = [undefined, ...request.controls];
    const total = request.models.length * controls.length * request.numProblems;
    let done = 0;
    for (const model of request.models.keys()) {
      for (const control of controls) {
        await this.#wait(120);
        if (this.#isScalingStopped) return this.#emit([{ type: 'scalingEnded', isStopped: true }]);
        done += request.numProblems;
        const measure = madeUpMeasure(model, control, request.samples);
        this.#emit([
          { type: 'scalingProgressed', done, total },
          { type: 'scalingMeasured', model, measure },
        ]);
      }
    }
    this.#emit([{ type: 'scalingEnded', isStopped: false }]);
  }

  listPipelines = async () => ok(this.#pipelines.list());

  async runPipeline(name: string, only?: string): Promise<Result<PipelineRun>> {
    const run = this.#pipelines.run(name, only);
    return run ? ok(run) : NO_PIPELINE;
  }

  async stopPipeline(): Promise<Result<PipelineRun>> {
    const run = await this.#pipelines.stop();
    return run ? ok(run) : NO_PIPELINE;
  }

  async deletePipeline(name: string): Promise<Result<null>> {
    this.#pipelines.delete(name);
    return ok(null);
  }

  async openPipeline(text: string, fileName: string): Promise<Result<PipelineRun>> {
    try {
      return ok(this.#pipelines.open(parsePipelineFile(text, fileName)));
    } catch (error) {
      return { ok: false, error: describeError(error) };
    }
  }

  async pipelineFile(name: string): Promise<Result<string>> {
    const found = this.#pipelines.find(name);
    return found ? ok(pipelineFile(found)) : NO_PIPELINE;
  }

  stageSteps = async (pipeline: string, stage: string) => ok(this.#pipelines.steps(pipeline, stage));
  exportCheckpoint = this.exportModel;

  /** Leaves the run at hand and takes another; false if another tab has it. */
  async #take(runId: string): Promise<boolean> {
    this.#leaveRun();
    const giveBack = await this.#locks.take(runId);
    this.#giveBack = giveBack ?? (() => {});
    return giveBack !== undefined;
  }

  #leaveRun(): void {
    this.#giveBack();
    this.#run = undefined;
  }

  #trains(run: RunRecord): void {
    const lineage = lineageOf(run);
    this.#model = { ...MODEL, name: lineageName(lineage), runs: lineage.runs };
  }

  #groups(run: RunRecord, step: number): RolloutGroup[] {
    const { seed, num_generations, num_prompts } = run.settings.config;
    return Array.from({ length: num_prompts }, (_, index) => {
      const problem = chainedSums.generate(rng(seed, 'problem', step, index), run.settings.difficulty);
      const group = madeUpGroup(problem, { seed, step, index, size: num_generations });
      return withFailure(group, run.settings.config);
    });
  }

  async #train(): Promise<void> {
    if (this.#isLooping) return;
    this.#isLooping = true;
    while (this.#run?.status === 'running' && !this.#isDead) {
      await this.#step();
      if (this.#run.step === this.#loseAtStep) {
        this.#emit([{ type: 'deviceLost', error: DEVICE_LOST }]);
        break;
      }
      if (this.#run.step >= numSteps(this.#run.settings.config)) this.#change({ ...this.#run, status: 'finished' });
    }
    this.#isLooping = false;
  }

  #step(): Promise<void> {
    this.#stepping = this.#takeStep();
    return this.#stepping;
  }

  async #takeStep(): Promise<void> {
    if (this.#run === undefined) return;
    const runId = this.#run.id;
    const parts: [RunActivity, number][] = [
      ['sampling', 8],
      ['scoring', 1],
      ['updating', 1],
    ];
    for (const [phase, total] of parts) {
      for (let done = 0; done < total; done++) {
        this.#emit([{ type: 'phaseChanged', runId, phase, done, total }]);
        await this.#wait(PHASE_MS / Math.sqrt(total));
      }
    }
    const run: RunRecord = { ...this.#run, step: this.#run.step + 1 };
    const step = { step: run.step, metrics: metricsOf(run, run.step) };
    const expertLoad = madeUpLoad(run.step, 2, 8, 4000);
    this.#emit([{ type: 'stepFinished', runId, step, groups: this.#groups(run, run.step), expertLoad }]);
    this.#emit([{ type: 'workMeasured', work: 'step', cost: madeUpStepCost() }]);
    this.#change(run);
    if (run.step % run.settings.checkpointEvery === 0) this.#save(run);
  }

  /** Once the current step is over. */
  async #settle(status: RunRecord['status']): Promise<Result<RunRecord>> {
    if (this.#run === undefined) return NO_RUN;
    this.#run = { ...this.#run, status };
    while (this.#isLooping) await this.#wait(PHASE_MS);
    this.#save(this.#run);
    this.#change({ ...this.#run, status });
    return this.#answerRun();
  }

  /** As if there were a checkpoint of it; on a full disk there is none. */
  #save({ id: runId, step }: RunRecord): void {
    if (this.#isFull) {
      this.#emit([{ type: 'saveFailed', runId, error: DISK_FULL }]);
      return;
    }
    this.#store(this.#stored().map((run) => (run.id === runId ? { ...run, savedStep: step } : run)));
    this.#emit([{ type: 'checkpointSaved', runId, step }]);
  }

  #answerRun(): Result<RunRecord> {
    return this.#run === undefined ? NO_RUN : ok(this.#run);
  }

  #change(run: RunRecord): void {
    this.#run = run;
    const others = this.#stored();
    const savedStep = others.find(({ id }) => id === run.id)?.savedStep ?? 0;
    this.#store([{ ...run, savedStep }, ...others.filter(({ id }) => id !== run.id)]);
    this.#emit([{ type: 'runChanged', run }]);
  }

  #stored(): readonly KeptRun[] {
    return JSON.parse(localStorage.getItem(STORAGE_KEY) ?? '[]') as KeptRun[];
  }

  #store(runs: readonly KeptRun[]): void {
    localStorage.setItem(STORAGE_KEY, JSON.stringify(runs));
  }

  #wait(ms: number): Promise<void> {
    return new Promise((resolve) => setTimeout(resolve, ms / this.#speed));
  }
}

function nameOf(source: ModelSource): string {
  if (source.kind === 'files') return source.name;
  if (source.kind === 'shipped') return source.id;
  return source.kind === 'checkpoint' ? `${source.pipeline}/${source.checkpoint}` : MODEL.name;
}

/** As by a learning rate that leaves nothing of a model. */
const isWrecked = ({ settings }: RunRecord) => settings.config.learning_rate >= 1;

function metricsOf(run: RunRecord, step: number) {
  const metrics = madeUpMetrics(run, step);
  if (!isWrecked(run) || step === 0) return metrics;
  const isMeasured = 'eval/accuracy' in metrics;
  return { ...metrics, reward: 0, 'rewards/accuracy/mean': 0, ...(isMeasured && { 'eval/accuracy': 0 }) };
}

function madeUpSteps(run: RunRecord) {
  const steps = Array.from({ length: run.step + 1 }, (_, step) => ({ step, metrics: metricsOf(run, step) }));
  return steps.slice(1);
}

/** The made-up engine, and the way to silence it. */
export function createFakeEngine(options: URLSearchParams): { readonly api: EngineApi; terminate(): void } {
  const api = new FakeEngine(options);
  return { api, terminate: () => api.terminate() };
}
