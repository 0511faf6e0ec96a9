// A pipeline that a chapter runs for show: opened from its file, run to its end, told step by step, and deleted again.
import { create } from 'zustand';
import first from '../../recipes/first.json';
import type { DescribedError, Done, EngineEvent, PipelineProgress, StepMetrics, Written } from '../protocol/protocol';
import { LEARNED, preferenceStages, VERIFIED } from './preferencePipeline';
import type { Session } from './session';

export interface StoryPipelineState {
  readonly status: 'none' | 'running' | 'ended' | 'failed';
  /** Its name in this browser, which may not be that of its file. */
  readonly name: string | undefined;
  /** Of the stage that trains. */
  readonly steps: readonly StepMetrics[];
  /** The same by stage. */
  readonly stepsOf: Readonly<Record<string, readonly StepMetrics[]>>;
  /** What the model wrote as it learned, if the pipeline asks for that. */
  readonly written: readonly Written[];
  /** What was made and measured so far. */
  readonly done: readonly Done[];
  /** Steps, or problems measured, of what is under way. */
  readonly progress: Pick<PipelineProgress, 'phase' | 'done' | 'total'> | undefined;
  /** This device takes so long that what was recorded elsewhere is shown meanwhile: how long at its pace. */
  readonly slowMs: number | undefined;
  readonly problem: DescribedError | undefined;
}

/** What takes longer is shown as it was recorded, too. */
const SLOW_MS = 60_000;
/** Steps after which the pace is known: the first ones compile. */
const PACE_STEPS = 3;

const nothing: StoryPipelineState = {
  status: 'none',
  name: undefined,
  steps: [],
  stepsOf: {},
  written: [],
  done: [],
  progress: undefined,
  slowMs: undefined,
  problem: undefined,
};

/** What an event changes while it runs. */
export function reduceStoryPipeline(state: StoryPipelineState, event: EngineEvent): StoryPipelineState {
  if (state.status !== 'running') return state;
  switch (event.type) {
    case 'stageStepped':
      return event.pipeline === state.name ? withStep(state, event.stage, event.step) : state;
    case 'answerWritten':
      return event.pipeline === state.name ? { ...state, written: [...state.written, event.written] } : state;
    case 'pipelineProgressed': {
      if (event.pipeline !== state.name) return state;
      const { phase, done, total, leftMs = 0 } = event.progress;
      const isSlow = phase === 'training' && done >= PACE_STEPS && leftMs > SLOW_MS;
      return { ...state, progress: { phase, done, total }, slowMs: state.slowMs ?? (isSlow ? leftMs : undefined) };
    }
    case 'pipelineChanged': {
      const { pipeline, done, status, problem } = event.run;
      if (pipeline.name !== state.name) return state;
      if (status === 'failed') return { ...state, status: 'failed', done, problem };
      return { ...state, done, progress: undefined, status: status === 'running' ? 'running' : 'ended' };
    }
    case 'deviceLost':
      return { ...state, status: 'failed', problem: event.error };
    default:
      return state;
  }
}

function withStep(state: StoryPipelineState, stage: string, step: StepMetrics): StoryPipelineState {
  const { steps, stepsOf } = state;
  return { ...state, steps: [...steps, step], stepsOf: { ...stepsOf, [stage]: [...(stepsOf[stage] ?? []), step] } };
}

export class StoryPipeline {
  readonly usePipeline = create<StoryPipelineState>()(() => nothing);

  /** @param file the pipeline as JSON */
  constructor(
    private readonly session: Pick<Session, 'callEngine' | 'onEngineEvents'>,
    private readonly file: object,
  ) {
    session.onEngineEvents((batch) => {
      const before = this.usePipeline.getState();
      const state = batch.reduce(reduceStoryPipeline, before);
      this.usePipeline.setState(state);
      if (before.status === 'running' && state.status !== 'running') void this.#delete(state.name);
    });
  }

  run = async (): Promise<void> => {
    if (this.usePipeline.getState().status === 'running') return;
    this.usePipeline.setState({ ...nothing, status: 'running' });
    const opened = await this.session.callEngine((api) => api.openPipeline(JSON.stringify(this.file), 'story.json'));
    if (!opened.ok) return this.usePipeline.setState({ status: 'failed', problem: opened.error });
    const { name } = opened.value.pipeline;
    this.usePipeline.setState({ name });
    const run = await this.session.callEngine((api) => api.runPipeline(name));
    if (run.ok) return;
    this.usePipeline.setState({ status: 'failed', problem: run.error });
    await this.#delete(name);
  };

  async #delete(name: string | undefined): Promise<void> {
    if (name !== undefined) await this.session.callEngine((api) => api.deletePipeline(name));
  }
}

const CORPUS = {
  think_share: 0.35,
  wrong_share: 0.6,
  languages: { en: 0.6, zh: 0.3, mixed: 0.1 },
  self_check_share: 0.08,
};
const SUMS = { task: 'chained_sums', difficulty: { min_terms: 4, max_terms: 8, max_number: 9 } };

/** A first base, from random weights. Under a name of its own: one that the reader made by the recipe stays. */
export const FIRST_BASE = { ...first, name: 'story-first' };

/** The base reads on, in the same texts. */
export const MORE_OF_THE_SAME = {
  name: 'story-more',
  summary: 'More of the same texts for the base.',
  ...SUMS,
  inputs: ['base'],
  evaluation: { problems: 64, temperature: 1 },
  stages: [
    {
      name: 'more',
      kind: 'pretrain',
      from: 'base',
      corpus: CORPUS,
      training: { steps: 60, tokens_per_step: 1024, learning_rate: 0.0003, warmup_steps: 5, adam_beta2: 0.95 },
    },
  ],
};

const [THOUGHTS, TAUGHT] = ['thoughts', 'taught'] as const;

/** The base serves 120 questions and learns from its thoughts that came out right, eight times each. */
export const OWN_THOUGHTS = {
  set: THOUGHTS,
  model: TAUGHT,
  file: {
    name: 'story-thoughts',
    summary: 'What the base learns from its own thoughts that came out right.',
    ...SUMS,
    inputs: ['base'],
    evaluation: { problems: 128, temperature: 1 },
    stages: [
      {
        ...{ name: THOUGHTS, kind: 'reject', from: 'base' },
        sampling: { problems: 120, samples: 1, temperature: 1 },
      },
      {
        ...{ name: TAUGHT, kind: 'sft', from: 'base', data: [{ kind: 'set', set: THOUGHTS }] },
        training: { steps: 24, tokens_per_step: 512, learning_rate: 3e-4, lr_scheduler_type: 'linear' },
      },
    ],
  },
};

const pleased = preferenceStages('base', 'pupil');

/** The base learns to please a pupil, who checks short sums and goes by looks beyond. */
export const PLEASE_THE_PUPIL = {
  model: LEARNED,
  file: {
    name: 'story-pleased',
    summary: 'What the base becomes when it is rewarded by what a pupil preferred.',
    ...pleased,
    stages: pleased.stages.filter(({ name }) => name !== VERIFIED),
  },
};

/** One model, trained twice on the same texts from the same random weights: in float32, and with the products in FP8. */
export const FP8_PAIR = {
  name: 'lab-fp8',
  summary: 'The same pretraining in float32 and in FP8.',
  ...SUMS,
  inputs: [],
  evaluation: { problems: 8, temperature: 1, max_completion_length: 96 },
  stages: [
    { kind: 'initialize', name: 'random', preset: 'nano', model: { initializer_range: 0.02 } },
    ...(['f32', 'fp8'] as const).map((name) => ({
      ...{ kind: 'pretrain', name, from: 'random', corpus: CORPUS },
      training: {
        ...{ steps: 200, tokens_per_step: 1024, learning_rate: 0.003, warmup_steps: 20, adam_beta2: 0.95 },
        fp8: name === 'fp8',
      },
    })),
  ],
};
