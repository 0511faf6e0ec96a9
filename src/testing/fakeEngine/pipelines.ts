// The made-up engine's pipelines: the graphs are the real ones, what comes of each stage is made up. Kept in localStorage, so
// that they outlast the page as the real ones do.
import { describeError } from '../../lib/errors';
import { rng } from '../../lib/rng';
import type { Done, EngineApi, PipelineRun, Result, StepMetrics } from '../../protocol/protocol';
import { madeBy, makesModel, type Pipeline, parsePipelineFile, pipelineFile } from '../../runs/pipeline';
import { toDo, withDone } from '../../runs/pipelineRecord';
import { allPipelines } from '../../runs/ready';
import { presentPipeline } from '../../worker/presentPipeline';
import type { Host } from './host';
import { NO_PIPELINE, ok } from './results';

const STEPS = 12;
const STEP_MS = 150;
const STORAGE_KEY = 'soliloquy.fakePipelines';

interface Kept {
  readonly pipeline: Pipeline;
  readonly done: Done[];
  readonly isNew: boolean;
}
type Stage = Pipeline['stages'][number];

const ready = (): Pipeline[] => [...allPipelines(), ...allPipelines(true)];

type PipelinePart = Pick<
  EngineApi,
  'listPipelines' | 'openPipeline' | 'runPipeline' | 'stopPipeline' | 'deletePipeline' | 'pipelineFile' | 'stageSteps'
>;

export class FakePipelines implements PipelinePart {
  #running: string | undefined;
  #only: string | undefined;
  #isStopWanted = false;
  #loop: Promise<PipelineRun> | undefined;

  constructor(private readonly host: Host) {}

  listPipelines = async (): Promise<Result<readonly PipelineRun[]>> =>
    ok(Object.values(this.#stored()).map((kept) => this.#present(kept)));

  openPipeline = async (text: string, fileName: string): Promise<Result<PipelineRun>> => {
    try {
      const kept = { pipeline: parsePipelineFile(text, fileName), done: [], isNew: true };
      this.#store(kept);
      return ok(this.#present(kept));
    } catch (error) {
      return { ok: false, error: describeError(error) };
    }
  };

  runPipeline = async (name: string, only?: string): Promise<Result<PipelineRun>> => {
    const pipeline = this.#find(name);
    if (pipeline === undefined || this.#running !== undefined) return NO_PIPELINE;
    this.#running = name;
    this.#only = only;
    this.#isStopWanted = false;
    const kept = { pipeline, done: this.#stored()[name]?.done ?? [], isNew: false };
    this.#store(kept);
    this.#loop = this.#drive(kept);
    return ok(this.#present(kept));
  };

  stopPipeline = async (): Promise<Result<PipelineRun>> => {
    this.#isStopWanted = true;
    const run = await this.#loop;
    return run ? ok(run) : NO_PIPELINE;
  };

  deletePipeline = async (name: string): Promise<Result<null>> => {
    const { [name]: _, ...others } = this.#stored();
    localStorage.setItem(STORAGE_KEY, JSON.stringify(others));
    return ok(null);
  };

  pipelineFile = async (name: string): Promise<Result<string>> => {
    const found = this.#find(name);
    return found ? ok(pipelineFile(found)) : NO_PIPELINE;
  };

  stageSteps = async (name: string, stage: string): Promise<Result<readonly StepMetrics[]>> => {
    const kept = this.#stored()[name];
    const found = kept?.pipeline.stages.find((other) => other.name === stage);
    const isDone = kept?.done.some((done) => done.name === stage);
    return ok(found && isDone ? Array.from({ length: STEPS }, (_, i) => madeUpStep(found, i + 1)) : []);
  };

  #find(name: string): Pipeline | undefined {
    return this.#stored()[name]?.pipeline ?? ready().find((other) => other.name === name);
  }

  async #drive(begun: Kept): Promise<PipelineRun> {
    let kept = begun;
    while (!this.#isStopWanted) {
      const [next] = toDo(kept, this.#only);
      const done = next === undefined ? undefined : await this.#work(kept.pipeline, next);
      if (done === undefined) break;
      kept = withDone(kept, done);
      this.#store(kept);
      this.host.emit({ type: 'pipelineChanged', run: this.#present(kept) });
    }
    this.#running = undefined;
    const run = this.#present(kept);
    this.host.emit({ type: 'pipelineChanged', run });
    return run;
  }

  /** Works on an input or a stage; undefined if it was stopped before its end. */
  async #work({ name, inputs, stages }: Pipeline, part: string): Promise<Done | undefined> {
    const stage = stages.find((other) => other.name === part);
    const progress = (at: number, phase: 'training' | 'measuring', total: number) =>
      this.host.emit({
        type: 'pipelineProgressed',
        pipeline: name,
        progress: { name: part, phase, done: at, total, share: at / total, leftMs: (total - at) * STEP_MS },
      });
    const total = stage && stage.kind !== 'initialize' ? STEPS : 0;
    for (let step = 1; step <= total && stage; step++) {
      if (this.#isStopWanted) return undefined;
      await this.host.wait(STEP_MS);
      this.host.emit({ type: 'stageStepped', pipeline: name, stage: part, step: madeUpStep(stage, step) });
      progress(step, 'training', total);
    }
    progress(0, 'measuring', 256);
    await this.host.wait(STEP_MS);
    return madeUpDone(part, stage, stage ? inputs.length + stages.indexOf(stage) : inputs.indexOf(part));
  }

  #present(kept: Kept): PipelineRun {
    const isRunning = this.#running === kept.pipeline.name;
    const next = (isRunning ? toDo(kept, this.#only)[0] : undefined) ?? toDo(kept)[0];
    const rests = kept.isNew ? 'new' : next === undefined ? 'finished' : 'stopped';
    const pipeline = presentPipeline(kept.pipeline);
    return { pipeline, done: kept.done, next, status: isRunning ? 'running' : rests, isElsewhere: false };
  }

  #stored(): Readonly<Record<string, Kept>> {
    return JSON.parse(localStorage.getItem(STORAGE_KEY) ?? '{}') as Readonly<Record<string, Kept>>;
  }

  #store(kept: Kept): void {
    localStorage.setItem(STORAGE_KEY, JSON.stringify({ ...this.#stored(), [kept.pipeline.name]: kept }));
  }
}

function madeUpStep({ kind }: Stage, step: number): StepMetrics {
  const noise = (rng(7, 'shuffle', step).uniform() - 0.5) * 0.1;
  const progress = 1 - Math.exp(-step / 5);
  const texts = { loss: 1.4 - progress + noise, grad_norm: 0.8 + noise };
  const rl = {
    reward: 0.3 + 0.6 * progress + noise,
    'rewards/accuracy/mean': 0.3 + 0.5 * progress,
    'completions/mean_length': 14 + 20 * progress,
    frac_reward_zero_std: 0.2 + noise,
  };
  const isText = kind === 'sft' || kind === 'pretrain' || kind === 'distil';
  return {
    step,
    metrics: isText ? { ...texts, ...rl } : kind === 'reject' ? { kept: step * 3, sampled: step * 4 } : rl,
  };
}

function madeUpDone(name: string, stage: Stage | undefined, place: number): Done {
  const work = { name, steps: stage ? STEPS : 0, tokens: stage ? 24_000 + 1000 * place : 0, seconds: 3 + 7 * place };
  if (stage && madeBy(stage) === 'pairs')
    return { ...work, preferences: { pairs: 1024, problems: 1240, chosen_correct: 0.52, rejected_correct: 0.31 } };
  if (stage && madeBy(stage) === 'grader') return work;
  if (stage && !makesModel(stage)) {
    const none = {
      truncated: 0,
      malformed: 0,
      wrong: 0,
      language: 0,
      too_short: 0,
      too_long: 0,
      duplicate: 0,
      surplus: 0,
    };
    const dropped = { ...none, wrong: 700, language: 210, surplus: 322 };
    return { ...work, rejection: { sampled: 3072, kept: 1840, dropped, problems: 640, tokens: work.tokens } };
  }
  const isRandom = stage?.kind === 'initialize';
  const en = Math.min(1, 0.55 + 0.09 * place);
  return {
    ...work,
    evaluation: {
      problems: 256,
      accuracy: isRandom ? 0 : Math.min(0.98, 0.31 + 0.12 * place),
      format: isRandom ? 0 : Math.min(1, 0.8 + 0.05 * place),
      mean_thinking_tokens: isRandom ? 0 : 9.4 + 4 * place,
      mean_tokens: 15 + 4 * place,
      clipped_ratio: 0.02,
      language: isRandom ? { en: 0, zh: 0 } : { en, zh: 1 - en },
    },
  };
}
