// The recorded runs that come with the page: fetched once, played where no run is open, and compared with others.
import { create } from 'zustand';
import type { StepMetrics } from '../protocol/protocol';
import type { RunRecording } from '../protocol/recording';
import type { ComparedRun } from './comparison';
import { play } from './player';
import type { FetchRecording } from './recordings';
import type { RunStore } from './run';
import { isTraining } from './runReducer';

const PLAY_MS = 20_000;
/** The one that plays by itself. */
const USUAL = 'run';

export interface RecordedRunState {
  /** The one that plays, or would. */
  readonly recording: RunRecording | undefined;
  /** That one as a whole, and the others that were fetched. */
  readonly whole: ComparedRun | undefined;
  readonly others: readonly ComparedRun[];
}

/** What the recorded runs reach. */
export interface RecordedRunWorld {
  readonly runs: Pick<RunStore, 'useRun' | 'useShelf' | 'showRecording'>;
  readonly fetchRecording: FetchRecording;
  /** Whether the reader wants no motion. */
  readonly isStill: () => boolean;
}

export class RecordedRunStore {
  readonly useRecordedRun = create<RecordedRunState>()(() => ({ recording: undefined, whole: undefined, others: [] }));
  readonly #fetched = new Map<string, RunRecording>();

  constructor(private readonly world: RecordedRunWorld) {}

  /** Fetches the usual one, once. */
  fetchRecordedRun = async (): Promise<RunRecording | undefined> => {
    const recording = await this.#fetch(USUAL);
    if (recording && this.useRecordedRun.getState().recording === undefined)
      this.useRecordedRun.setState({ recording, whole: wholeRun(recording) });
    return recording;
  };

  /** Plays the usual one, unless a run is open or about to be. */
  playRecordedRun = async (): Promise<void> => {
    const { runs } = this.world;
    const recording = await this.fetchRecordedRun();
    const { origin } = runs.useRun.getState();
    const isFree = origin === 'none' || origin === 'recorded';
    if (recording === undefined || !isFree || runs.useShelf.getState().pending !== undefined) return;
    this.useRecordedRun.setState({ recording });
    this.#play(recording);
  };

  /** Plays one of the gallery in the place of what is open; false where it is not there, or a run trains here. */
  playFromGallery = async (name: string): Promise<boolean> => {
    const recording = await this.#fetch(`gallery/${name}`);
    if (recording === undefined || isTraining(this.world.runs.useRun.getState())) return false;
    this.useRecordedRun.setState({ recording });
    this.#play(recording);
    return true;
  };

  /** Runs of the gallery as wholes, in order; fewer where one is not there. */
  fetchFromGallery = async (names: readonly string[]): Promise<readonly ComparedRun[]> => {
    const recordings = await Promise.all(names.map((name) => this.#fetch(`gallery/${name}`)));
    const wholes = recordings.flatMap((recording) => (recording && wholeRun(recording)) ?? []);
    this.useRecordedRun.setState(({ others }) => {
      const known = new Set(others.map(({ run }) => run.id));
      return { others: [...others, ...wholes.filter(({ run }) => !known.has(run.id))] };
    });
    return wholes;
  };

  async #fetch(name: string): Promise<RunRecording | undefined> {
    const recording = this.#fetched.get(name) ?? (await this.world.fetchRecording(name, 'run'));
    if (recording) this.#fetched.set(name, recording);
    return recording;
  }

  #play({ events, beforeAfter }: RunRecording): void {
    const { runs, isStill } = this.world;
    const durationMs = isStill() ? 0 : PLAY_MS;
    runs.showRecording((emit) => {
      const onEnd = () => {
        const { run, problem } = runs.useRun.getState();
        if (run !== undefined && problem === undefined)
          emit([{ type: 'runChanged', run: { ...run, status: 'finished' } }]);
        runs.useShelf.setState({ beforeAfter });
      };
      return play(events, emit, { durationMs, onEnd });
    });
  }
}

/** The run as it stood at its end. */
function wholeRun({ events }: RunRecording): ComparedRun | undefined {
  const [run] = events.flatMap(({ event }) => (event.type === 'runChanged' ? [event.run] : []));
  const steps: StepMetrics[] = events.flatMap(({ event }) => (event.type === 'stepFinished' ? [event.step] : []));
  const hasFailed = events.some(({ event }) => event.type === 'runFailed');
  return run && { run: { ...run, step: steps.at(-1)?.step ?? 0, status: hasFailed ? 'failed' : 'finished' }, steps };
}
