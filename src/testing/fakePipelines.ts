// The made-up engine's pipelines: the graphs are the real ones, what comes of each stage is made up. Kept in localStorage, so
// that they outlast the page as the real ones do.
import { rng } from '../lib/rng';
import { presentPipelines } from '../worker/presentPipeline';
import type { Done, EngineEvent, PipelineInfo, PipelineRun, StageInfo, StepMetrics } from '../worker/protocol';

const STEPS = 12;
const STEP_MS = 150;
const STORAGE_KEY = 'soliloquy.fakePipelines';

type Stored = Readonly<Record<string, readonly Done[]>>;

const ready = (): PipelineInfo[] => presentPipelines().flatMap(({ full, mini }) => [full, mini]);
const partsOf = ({ inputs, stages }: PipelineInfo) => [...inputs, ...stages.map(({ name }) => name)];

export class FakePipelines {
  #running: string | undefined;
  #isStopWanted = false;
  #loop: Promise<PipelineRun> | undefined;

  constructor(
    private readonly emit: (event: EngineEvent) => void,
    private readonly wait: (ms: number) => Promise<void>,
  ) {}

  list(): PipelineRun[] {
    const stored = this.#stored();
    return ready().flatMap((pipeline) => (stored[pipeline.name] ? [this.#present(pipeline)] : []));
  }

  run(name: string): PipelineRun | undefined {
    const pipeline = ready().find((other) => other.name === name);
    if (pipeline === undefined || this.#running !== undefined) return undefined;
    this.#running = name;
    this.#isStopWanted = false;
    this.#store({ ...this.#stored(), [name]: this.#stored()[name] ?? [] });
    this.#loop = this.#drive(pipeline);
    return this.#present(pipeline);
  }

  async stop(): Promise<PipelineRun | undefined> {
    this.#isStopWanted = true;
    return this.#loop;
  }

  delete(name: string): void {
    const { [name]: _, ...others } = this.#stored();
    this.#store(others);
  }

  steps(name: string, stage: string): StepMetrics[] {
    const found = ready()
      .find((pipeline) => pipeline.name === name)
      ?.stages.find((other) => other.name === stage);
    const isDone = this.#stored()[name]?.some((done) => done.name === stage);
    return found && isDone ? Array.from({ length: STEPS }, (_, i) => madeUpStep(found, i + 1)) : [];
  }

  async #drive(pipeline: PipelineInfo): Promise<PipelineRun> {
    const { name } = pipeline;
    while (!this.#isStopWanted && this.#present(pipeline).done.length < partsOf(pipeline).length) {
      const done = await this.#work(pipeline, this.#stored()[name] ?? []);
      if (done === undefined) break;
      this.#store({ ...this.#stored(), [name]: [...(this.#stored()[name] ?? []), done] });
      this.emit({ type: 'pipelineChanged', run: this.#present(pipeline) });
    }
    this.#running = undefined;
    const run = this.#present(pipeline);
    this.emit({ type: 'pipelineChanged', run });
    return run;
  }

  /** The next input or stage; undefined if it was stopped before its end. */
  async #work(pipeline: PipelineInfo, done: readonly Done[]): Promise<Done | undefined> {
    const part = partsOf(pipeline)[done.length] ?? '';
    const stage = pipeline.stages.find((other) => other.name === part);
    const progress = (at: number, phase: 'training' | 'measuring', total: number) =>
      this.emit({
        type: 'pipelineProgressed',
        pipeline: pipeline.name,
        progress: { name: part, phase, done: at, total, share: at / total, leftMs: (total - at) * STEP_MS },
      });
    const total = stage && stage.kind !== 'initialize' ? STEPS : 0;
    for (let step = 1; step <= total && stage; step++) {
      if (this.#isStopWanted) return undefined;
      await this.wait(STEP_MS);
      this.emit({ type: 'stageStepped', pipeline: pipeline.name, stage: part, step: madeUpStep(stage, step) });
      progress(step, 'training', total);
    }
    progress(0, 'measuring', 256);
    await this.wait(STEP_MS);
    return madeUpDone(part, stage, done.length);
  }

  #present(pipeline: PipelineInfo): PipelineRun {
    const done = this.#stored()[pipeline.name] ?? [];
    const isRunning = this.#running === pipeline.name;
    const status = isRunning ? 'running' : done.length === partsOf(pipeline).length ? 'finished' : 'stopped';
    return { pipeline, done, status, isElsewhere: false };
  }

  #stored(): Stored {
    return JSON.parse(localStorage.getItem(STORAGE_KEY) ?? '{}') as Stored;
  }

  #store(stored: Stored): void {
    localStorage.setItem(STORAGE_KEY, JSON.stringify(stored));
  }
}

function madeUpStep({ kind }: StageInfo, step: number): StepMetrics {
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

function madeUpDone(name: string, stage: StageInfo | undefined, place: number): Done {
  const work = { name, steps: stage ? STEPS : 0, tokens: stage ? 24_000 + 1000 * place : 0, seconds: 3 + 7 * place };
  if (stage?.kind === 'reject') {
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
