// The run of the story: R1-Zero's recipe for a few steps, from the base model as it comes with the page. One of the reader's runs
// like any other, so it is stored and can be opened on Train.
import { create } from 'zustand';
import { grpoConfig } from '../protocol/options';
import type { Catalogue, RunSettings, StepMetrics } from '../protocol/protocol';
import { defaultSettings } from './draft';
import type { RunStore } from './run';
import { isOpenRun, type RunState } from './runReducer';
import type { Session } from './session';
import type { RunStarter } from './startRun';

/** One step, then fifteen more. */
export const STORY_STEPS = 16;
/** Held-out problems, asked before the first step and after the last. */
const PROBLEMS = 64;

/** What the story's run reaches. */
export interface StoryRunWorld {
  readonly session: Pick<Session, 'useSession'>;
  readonly runs: Pick<RunStore, 'useRun' | 'resumeRun' | 'pauseRun'>;
  readonly starter: Pick<RunStarter, 'chooseStart' | 'startRun' | 'stepRun'>;
}

/** A constant rate: a run of few steps that lets it down to 0 has hardly begun. */
export function storySettings(catalogue: Pick<Catalogue, 'tasks' | 'presets'>): RunSettings {
  const settings = defaultSettings(catalogue);
  const options = catalogue.presets[0]?.options ?? {};
  const config = grpoConfig({ ...options, max_steps: STORY_STEPS, lr_scheduler_type: 'constant', seed: 0 });
  return { ...settings, config, evalProblems: PROBLEMS, evalEvery: STORY_STEPS, checkpointEvery: STORY_STEPS };
}

export class StoryRun {
  /** The run that the story began; undefined before. */
  readonly useBegun = create<{ readonly id?: string }>()(() => ({}));

  constructor(private readonly world: StoryRunWorld) {}

  readonly numProblems = PROBLEMS;

  /** How many of the held-out problems were right before the first step, and after the last. */
  measuredIn(steps: readonly StepMetrics[]): {
    readonly before: number | undefined;
    readonly after: number | undefined;
  } {
    const right = (at: number) => {
      const share = steps.find(({ step }) => step === at)?.metrics['eval/accuracy'];
      return share === undefined ? undefined : Math.round(share * PROBLEMS);
    };
    return { before: right(0), after: right(STORY_STEPS) };
  }

  /** Whether the open run is the story's. */
  isOurs = ({ run, origin }: Pick<RunState, 'run' | 'origin'>): boolean =>
    origin === 'live' && run !== undefined && run.id === this.useBegun.getState().id;

  /** Takes one step: of the story's run, or of a new one. */
  takeStep = async (): Promise<void> => {
    if (this.#canGoOn() || (await this.#begin(true))) await this.world.starter.stepRun();
  };

  /** Goes on to the last step with the story's run, or with a new one. */
  goOn = async (): Promise<void> => {
    if (this.#canGoOn()) await this.world.runs.resumeRun();
    else await this.#begin(false);
  };

  pause = (): Promise<boolean> => this.world.runs.pauseRun();

  #canGoOn(): boolean {
    const state = this.world.runs.useRun.getState();
    return this.isOurs(state) && isOpenRun(state);
  }

  /** False where the engine refuses; the shelf of runs then says why. */
  async #begin(paused: boolean): Promise<boolean> {
    const { session, runs, starter } = this.world;
    const { catalogue } = session.useSession.getState();
    if (catalogue === undefined) return false;
    starter.chooseStart(catalogue.models[0]?.id);
    const isBegun = await starter.startRun(storySettings(catalogue), { paused });
    const id = runs.useRun.getState().run?.id;
    if (isBegun && id !== undefined) this.useBegun.setState({ id });
    return isBegun;
  }
}
