// Training runs that learn as good ones do, step by step. Two tabs share them, as they share the real ones.

import { describeError } from '../../lib/errors';
import { lineageName, lineageOf } from '../../protocol/lineage';
import type {
  AnswerReading,
  BeforeAfter,
  EngineApi,
  GrpoConfig,
  OpenedRun,
  Result,
  RolloutGroup,
  RunActivity,
  RunRecord,
  RunSettings,
  StartTrial,
  StepMetrics,
  StoredRun,
} from '../../protocol/protocol';
import type { ChosenFile, RunFileApi } from '../../protocol/runs';
import { rolloutsJsonl } from '../../protocol/runTables';
import { readResults } from '../../runs/elsewhere/readResults';
import { recordOf } from '../../runs/elsewhere/recordOf';
import { packRunFile, readRunFile } from '../../runs/runFile';
import { createRunLocks } from '../../storage/runLocks';
import { numSteps } from '../../trainer/grpo/grpoConfig';
import { MODEL, madeUpBeforeAfter, madeUpLoad } from '../madeUp';
import { madeUpStepCost } from '../madeUpDevice';
import type { Host } from './host';
import { DAMAGED, DEVICE_LOST, DISK_FULL, NO_RUN, ok } from './results';
import {
  findRun,
  groupsOf,
  isWrecked,
  keepElsewhere,
  keepRun,
  metricsOf,
  stepsOf,
  storedRuns,
  storeRuns,
} from './runShelf';

const PHASE_MS = 60;
/** The parts of a step, each with the number of its own steps. */
const PHASES: readonly (readonly [RunActivity, number])[] = [
  ['sampling', 8],
  ['scoring', 1],
  ['updating', 1],
];

type RunPart = Pick<
  EngineApi,
  | 'planRun'
  | 'tryStart'
  | 'startRun'
  | 'pauseRun'
  | 'resumeRun'
  | 'saveRun'
  | 'stepRun'
  | 'stopRun'
  | 'listRuns'
  | 'openRun'
  | 'runSteps'
  | 'deleteRun'
  | 'readAgain'
  | 'rollouts'
  | 'beforeAfter'
  | 'stopBeforeAfter'
  | keyof RunFileApi
>;

export class FakeRuns implements RunPart {
  readonly #locks = createRunLocks(navigator.locks);
  #run: RunRecord | undefined;
  #releaseLock = () => {};
  #isLooping = false;
  #isComparing = false;
  #stepping: Promise<void> = Promise.resolve();

  constructor(private readonly host: Host) {}

  /** Resolves when no step is under way. */
  untilStepEnds = () => this.#stepping;

  planRun = async (config: GrpoConfig) => ok(2e6 + 3e5 * config.num_prompts * config.num_generations);

  /** Sums can be learned, unless the last run of the loaded model wrecked it. */
  tryStart = async (settings: RunSettings, shippedId?: string): Promise<Result<StartTrial>> => {
    await this.host.wait(200);
    const last = shippedId === undefined && storedRuns().find(({ name }) => name === this.host.model.runs.at(-1));
    const isRight = settings.task === 'chained_sums' && !(last && isWrecked(last));
    return ok({ problems: 16, right: isRight ? 6 : 0 });
  };

  startRun = async (settings: RunSettings, paused = false): Promise<Result<RunRecord>> => {
    const number = storedRuns().length + 1;
    await this.#take(`run-${number}`);
    const { model } = this.host;
    const run: RunRecord = {
      id: `run-${number}`,
      name: `calm-otter-${number}`,
      createdAt: new Date(Date.UTC(2026, 0, number)).toISOString(),
      baseModel: model.name.split(' · ')[0] as string,
      parents: model.runs,
      settings,
      step: 0,
      status: paused ? 'paused' : 'running',
    };
    this.#change(run);
    this.#nameModel(run);
    if (!paused) void this.#train();
    return ok(run);
  };

  pauseRun = () => this.#settle('paused');
  stopRun = () => this.#settle('finished');

  resumeRun = async (): Promise<Result<RunRecord>> => {
    if (this.#run === undefined) return NO_RUN;
    this.#change({ ...this.#run, status: 'running' });
    void this.#train();
    return ok(this.#run);
  };

  saveRun = async (): Promise<void> => {
    if (this.#run?.status === 'running') this.#save(this.#run);
  };

  stepRun = async (): Promise<Result<RunRecord>> => {
    if (this.#run === undefined) return NO_RUN;
    await this.#step();
    return this.#settle('paused');
  };

  listRuns = async (): Promise<Result<readonly StoredRun[]>> => {
    const taken = await this.#locks.listTaken();
    return ok(
      storedRuns().map(({ savedStep, ...run }) => {
        const isElsewhere = taken.has(run.id) && run.id !== this.#run?.id;
        return { ...run, isElsewhere, ...(!isElsewhere && !run.madeElsewhere && { savedStep }) };
      }),
    );
  };

  openRun = async (runId: string, atMost = Number.POSITIVE_INFINITY): Promise<Result<OpenedRun>> => {
    const stored = findRun(runId);
    if (stored === undefined) return NO_RUN;
    const isElsewhere = !(await this.#take(runId));
    const { savedStep: newest, ...found } = stored;
    const savedStep = Math.min(newest, atMost);
    if (found.madeElsewhere) return ok({ run: found, steps: stepsOf(found), isElsewhere: false, isToSee: true });
    if (!isElsewhere && this.host.options.isDamaged) return DAMAGED;
    const isDone = savedStep >= numSteps(found.settings.config);
    const run: RunRecord = isElsewhere ? found : { ...found, step: savedStep, status: isDone ? 'finished' : 'paused' };
    if (!isElsewhere) {
      this.#change(run);
      this.#nameModel(run);
    }
    return ok({ run, steps: stepsOf(run), isElsewhere });
  };

  runSteps = async (runId: string): Promise<Result<readonly StepMetrics[]>> => {
    const stored = findRun(runId);
    return stored === undefined ? NO_RUN : ok(stepsOf(stored));
  };

  deleteRun = async (runId: string): Promise<Result<null>> => {
    storeRuns(storedRuns().filter(({ id }) => id !== runId));
    return ok(null);
  };

  rollouts = async (runId: string, step: number): Promise<Result<readonly RolloutGroup[]>> => {
    const run = findRun(runId) ?? this.#run;
    return run === undefined ? NO_RUN : ok(groupsOf(run, step));
  };

  /** Each token is a little likelier where its answer was better than its group. */
  readAgain = async (runId: string, step: number, group: number, member: number): Promise<Result<AnswerReading>> => {
    const run = this.#run?.id === runId && this.#run.step === step ? this.#run : undefined;
    const answer = run && groupsOf(run, step)[group]?.members[member];
    if (!answer) return NO_RUN;
    await this.host.wait(100);
    const logps = answer.tokens.map(({ logp }) => Math.min(0, logp + 0.05 * answer.advantage));
    return ok({ logps, refLogps: answer.tokens.map(({ logp }) => logp), entropies: logps.map(() => 0.25) });
  };

  exportRun = async (runId: string): Promise<Result<Uint8Array>> => {
    const run = findRun(runId);
    if (run === undefined) return NO_RUN;
    const steps = stepsOf(run).map((metrics) => ({ metrics, groups: groupsOf(run, metrics.step) }));
    return ok(packRunFile({ run, steps }));
  };

  importRun = async (name: string, content: Uint8Array | Blob): Promise<Result<RunRecord>> => {
    try {
      const bytes = content instanceof Uint8Array ? content : new Uint8Array(await content.arrayBuffer());
      const { run } = await readRunFile(name, bytes);
      keepRun(run);
      return ok(run);
    } catch (error) {
      return { ok: false, error: describeError(error) };
    }
  };

  importResults = async (files: readonly ChosenFile[]): Promise<Result<readonly RunRecord[]>> => {
    try {
      const found = await readResults(
        files.map(({ path, content }) => ({ path, size: content.size, open: async () => content })),
      );
      return ok(
        found.map((one) => {
          const run = recordOf(one, crypto.randomUUID(), new Date());
          keepElsewhere(run, one.steps);
          return run;
        }),
      );
    } catch (error) {
      return { ok: false, error: describeError(error) };
    }
  };

  describeRun = (runId: string, said: { readonly label: string; readonly note: string }) => this.#say(runId, said);
  allowRunCode = (runId: string) => this.#say(runId, { codeWaits: false });

  rolloutsFile = async (runId: string): Promise<Result<Blob>> => {
    const run = findRun(runId);
    if (run === undefined) return NO_RUN;
    return ok(new Blob([rolloutsJsonl(stepsOf(run).flatMap(({ step }) => groupsOf(run, step)))]));
  };

  async #say(runId: string, said: Partial<RunRecord>): Promise<Result<RunRecord>> {
    const found = findRun(runId);
    if (found === undefined) return NO_RUN;
    const { savedStep: _, ...run } = { ...found, ...said };
    if (this.#run?.id === runId) this.#change({ ...this.#run, ...said });
    else keepRun(run);
    return ok(run);
  }

  beforeAfter = async (numProblems: number, seed: number): Promise<Result<BeforeAfter | null>> => {
    if (this.#run === undefined) return NO_RUN;
    const { id: runId } = this.#run;
    const total = 2 * numProblems;
    this.#isComparing = true;
    for (let done = 0; done <= total; done += 16) {
      if (!this.#isComparing) return ok(null);
      this.host.emit({ type: 'comparisonProgressed', runId, done, total });
      await this.host.wait(40);
    }
    return ok(madeUpBeforeAfter(numProblems, seed));
  };

  stopBeforeAfter = async (): Promise<void> => {
    this.#isComparing = false;
  };

  /** Leaves the run at hand, which another tab may then take. */
  leave(): void {
    this.#releaseLock();
    this.#run = undefined;
  }

  /** Leaves the run at hand and takes another; false if another tab has it. */
  async #take(runId: string): Promise<boolean> {
    this.leave();
    const release = await this.#locks.take(runId);
    this.#releaseLock = release ?? (() => {});
    return release !== undefined;
  }

  /** A model is named after the runs that made it. */
  #nameModel(run: RunRecord): void {
    const lineage = lineageOf(run);
    this.host.model = { ...MODEL, name: lineageName(lineage), runs: lineage.runs };
  }

  async #train(): Promise<void> {
    if (this.#isLooping) return;
    this.#isLooping = true;
    while (this.#run?.status === 'running' && !this.host.isEnded) {
      await this.#step();
      if (this.#run.step === this.host.options.loseAtStep) {
        this.host.emit({ type: 'deviceLost', error: DEVICE_LOST });
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
    for (const [phase, total] of PHASES) {
      for (let done = 0; done < total; done++) {
        this.host.emit({ type: 'phaseChanged', runId, phase, done, total });
        await this.host.wait(PHASE_MS / Math.sqrt(total));
      }
    }
    const run: RunRecord = { ...this.#run, step: this.#run.step + 1 };
    const step = { step: run.step, metrics: metricsOf(run, run.step) };
    const expertLoad = madeUpLoad(run.step, 2, 8, 4000);
    this.host.emit({ type: 'stepFinished', runId, step, groups: groupsOf(run, run.step), expertLoad });
    this.host.emit({ type: 'workMeasured', work: 'step', cost: madeUpStepCost() });
    this.#change(run);
    if (run.step % run.settings.checkpointEvery === 0) this.#save(run);
  }

  /** Once the current step is over. */
  async #settle(status: RunRecord['status']): Promise<Result<RunRecord>> {
    if (this.#run === undefined) return NO_RUN;
    this.#run = { ...this.#run, status };
    while (this.#isLooping) await this.host.wait(PHASE_MS);
    this.#save(this.#run);
    this.#change({ ...this.#run, status });
    return ok(this.#run);
  }

  /** As if there were a checkpoint of it; on a full disk there is none. */
  #save({ id: runId, step }: RunRecord): void {
    if (this.host.options.isFull) {
      this.host.emit({ type: 'saveFailed', runId, error: DISK_FULL });
      return;
    }
    storeRuns(storedRuns().map((run) => (run.id === runId ? { ...run, savedStep: step } : run)));
    this.host.emit({ type: 'checkpointSaved', runId, step });
  }

  #change(run: RunRecord): void {
    this.#run = run;
    keepRun(run);
    this.host.emit({ type: 'runChanged', run });
  }
}
