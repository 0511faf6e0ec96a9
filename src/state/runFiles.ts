// Runs out to files and in from them, and what their reader says of them.
import type { EngineApi, Result, RunRecord } from '../protocol/protocol';
import type { RunStore } from './run';
import type { Session } from './session';

/** What this reaches. */
export interface RunFileWorld {
  readonly session: Pick<Session, 'callEngine'>;
  readonly runs: Pick<RunStore, 'useShelf' | 'refreshRuns' | 'openRun' | 'tellRun'>;
}

export class RunFileDesk {
  constructor(private readonly world: RunFileWorld) {}

  /** The run as a file's bytes; undefined, with the problem on the shelf, where that fails. */
  exportRun = (runId: string, withState: boolean): Promise<Uint8Array | undefined> =>
    this.#value((api) => api.exportRun(runId, withState));

  /** The answers of every step kept of the run, as JSON lines; undefined, with the problem on the shelf, where that fails. */
  exportRollouts = (runId: string): Promise<Blob | undefined> => this.#value((api) => api.rolloutsFile(runId));

  /** Keeps the run of a file and opens it. */
  importRun = async (file: File): Promise<void> => {
    const run = await this.#value((api) => api.importRun(file.name, file));
    if (run === undefined) return;
    await this.world.runs.refreshRuns();
    await this.world.runs.openRun(run.id);
  };

  /** Sets what a run is called, and the note beside it. */
  describeRun = async (runId: string, said: { readonly label: string; readonly note: string }): Promise<void> => {
    this.#tell(await this.#value((api) => api.describeRun(runId, said)));
  };

  /** The reader has seen the code that came with the run, and lets it run. */
  allowRunCode = async (runId: string): Promise<void> => {
    this.#tell(await this.#value((api) => api.allowRunCode(runId)));
  };

  #tell(run: RunRecord | undefined): void {
    if (run) this.world.runs.tellRun(run);
    void this.world.runs.refreshRuns();
  }

  async #value<T>(command: (api: EngineApi) => Promise<Result<T>>): Promise<T | undefined> {
    const { useShelf } = this.world.runs;
    useShelf.setState({ problem: undefined });
    const result = await this.world.session.callEngine(command);
    if (result.ok) return result.value;
    useShelf.setState({ problem: result.error });
    return undefined;
  }
}
