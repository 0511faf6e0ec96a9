// The recorded run that comes with the page: fetched once, played where no run is open, and compared with others.
import { create } from 'zustand';
import type { StepMetrics } from '../protocol/protocol';
import type { RunRecording } from '../protocol/recording';
import type { ComparedRun } from './comparison';
import { play } from './player';
import type { FetchRecording } from './recordings';
import type { RunStore } from './run';

const PLAY_MS = 20_000;

export interface RecordedRunState {
  readonly recording: RunRecording | undefined;
  /** The run as a whole. */
  readonly whole: ComparedRun | undefined;
}

/** What the recorded run reaches. */
export interface RecordedRunWorld {
  readonly runs: Pick<RunStore, 'useRun' | 'useShelf' | 'showRecording'>;
  readonly fetchRecording: FetchRecording;
  /** Whether the reader wants no motion. */
  readonly isStill: () => boolean;
}

export class RecordedRunStore {
  readonly useRecordedRun = create<RecordedRunState>()(() => ({ recording: undefined, whole: undefined }));

  constructor(private readonly world: RecordedRunWorld) {}

  /** Fetches it once. */
  fetchRecordedRun = async (): Promise<RunRecording | undefined> => {
    const known = this.useRecordedRun.getState().recording;
    if (known) return known;
    const recording = await this.world.fetchRecording('run', 'run');
    if (recording) this.useRecordedRun.setState({ recording, whole: wholeRun(recording) });
    return recording;
  };

  /** Plays it, unless a run is open or about to be. */
  playRecordedRun = async (): Promise<void> => {
    const { runs, isStill } = this.world;
    const recording = await this.fetchRecordedRun();
    const { origin } = runs.useRun.getState();
    const isFree = origin === 'none' || origin === 'recorded';
    if (recording === undefined || !isFree || runs.useShelf.getState().pending !== undefined) return;
    const { events, beforeAfter } = recording;
    const durationMs = isStill() ? 0 : PLAY_MS;
    runs.showRecording((emit) => {
      const onEnd = () => {
        const { run } = runs.useRun.getState();
        if (run !== undefined) emit([{ type: 'runChanged', run: { ...run, status: 'finished' } }]);
        runs.useShelf.setState({ beforeAfter });
      };
      return play(events, emit, { durationMs, onEnd });
    });
  };
}

function wholeRun({ events }: RunRecording): ComparedRun | undefined {
  const [run] = events.flatMap(({ event }) => (event.type === 'runChanged' ? [event.run] : []));
  const steps: StepMetrics[] = events.flatMap(({ event }) => (event.type === 'stepFinished' ? [event.step] : []));
  return run && { run: { ...run, step: steps.at(-1)?.step ?? 0, status: 'finished' }, steps };
}
