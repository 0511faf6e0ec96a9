// Which pipeline is looked at, and what a reader can do with it.
import { create } from 'zustand';
import type { DescribedError, EngineApi, Result } from '../protocol/protocol';
import type { PipelineRecording } from '../protocol/recording';
import type { ChosenPipeline, PipelineChoice } from './chosenPipeline';
import type { PipelineStore } from './pipelines';
import type { FetchRecording } from './recordings';
import type { RunStore } from './run';
import type { Session } from './session';

type Pending = 'run' | 'stop' | 'delete' | 'open' | 'load' | 'export';

export interface PipelineDesk extends PipelineChoice {
  /** A command was sent and not yet answered (a stop takes until the step's end). */
  readonly pending: Pending | undefined;
  /** Why the last command was refused. */
  readonly problem: DescribedError | undefined;
}
const emptyDesk: PipelineDesk = { chosen: undefined, isMini: undefined, pending: undefined, problem: undefined };

/** What the desk reaches. */
export interface PipelineWorld {
  readonly session: Pick<Session, 'callEngine'>;
  readonly pipelines: Pick<PipelineStore, 'takeIn' | 'refreshPipelines'>;
  readonly runs: Pick<RunStore, 'loadAnotherModel'>;
  readonly fetchRecording: FetchRecording;
}

export class PipelineDeskStore {
  readonly usePipelineDesk = create<PipelineDesk>()(() => emptyDesk);
  /** Full runs that come with the page, by the name of their pipeline; null where there is none. */
  readonly useRecordedPipelines = create<Readonly<Record<string, PipelineRecording | null>>>()(() => ({}));

  constructor(private readonly world: PipelineWorld) {}

  /** Fetches the recorded run of a pipeline, once. */
  fetchRecordedPipeline = async (name: string): Promise<void> => {
    if (name in this.useRecordedPipelines.getState()) return;
    this.useRecordedPipelines.setState({ [name]: null });
    const recording = await this.world.fetchRecording(name, 'pipeline');
    if (recording) this.useRecordedPipelines.setState({ [name]: recording });
  };

  choosePipeline = (choice: Partial<PipelineChoice>): void => {
    this.usePipelineDesk.setState({ ...choice, problem: undefined });
  };

  /** Begins what is looked at, or goes on with it; it stays looked at. @param only a stage: just that, and what it needs. */
  runPipeline = async ({ full, isMini, pipeline: { name } }: ChosenPipeline, only?: string): Promise<void> => {
    this.usePipelineDesk.setState({ chosen: full.name, isMini });
    const result = await this.#command('run', (api) => api.runPipeline(name, only));
    if (result?.ok) this.world.pipelines.takeIn({ type: 'pipelineChanged', run: result.value });
    else await this.world.pipelines.refreshPipelines();
  };

  /** Begins a ready pipeline by its name, or goes on with it. */
  runNamedPipeline = async (name: string): Promise<void> => {
    const result = await this.#command('run', (api) => api.runPipeline(name));
    if (result?.ok) this.world.pipelines.takeIn({ type: 'pipelineChanged', run: result.value });
  };

  /** Ends the current step and saves. */
  stopPipeline = async (): Promise<void> => {
    const result = await this.#command('stop', (api) => api.stopPipeline());
    if (result?.ok) this.world.pipelines.takeIn({ type: 'pipelineChanged', run: result.value });
  };

  deletePipeline = async (name: string): Promise<void> => {
    const result = await this.#command('delete', (api) => api.deletePipeline(name));
    if (result?.ok) this.world.pipelines.takeIn({ type: 'pipelineDeleted', name });
  };

  /** Takes a pipeline from a file, and looks at it. */
  openPipeline = async (file: Pick<File, 'name' | 'text'>): Promise<void> => {
    const text = await file.text();
    const result = await this.#command('open', (api) => api.openPipeline(text, file.name));
    if (!result?.ok) return;
    const { name } = result.value.pipeline;
    await this.world.pipelines.refreshPipelines();
    this.usePipelineDesk.setState({ chosen: name, isMini: undefined });
  };

  /** Makes the stage `base` of a recipe, or goes on with it, and looks at it. */
  makeBase = (name: string, text: string): Promise<void> => this.makeStage(name, text, 'base');

  /**
   * Makes a stage of a pipeline and what it needs, or goes on with it, and looks at it. @param name of the pipeline
   * @param text its file, for where it is not here yet @param stage without one: all of them
   */
  makeStage = async (name: string, text: string, stage?: string): Promise<void> => {
    const listed = await this.world.session.callEngine((api) => api.listPipelines());
    const isThere = listed.ok && listed.value.some(({ pipeline }) => pipeline.name === name);
    if (!isThere) await this.openPipeline({ name: `${name}.json`, text: async () => text });
    if (this.usePipelineDesk.getState().problem !== undefined) return;
    this.usePipelineDesk.setState({ chosen: name, isMini: undefined });
    const result = await this.#command('run', (api) => api.runPipeline(name, stage));
    if (result?.ok) this.world.pipelines.takeIn({ type: 'pipelineChanged', run: result.value });
  };

  /** A pipeline as the text of a file. */
  exportPipeline = async (name: string): Promise<string | undefined> => {
    const file = await this.#command('export', (api) => api.pipelineFile(name));
    return file?.ok ? file.value : undefined;
  };

  /** Reads the metrics that were saved of a stage. */
  readStage = async (pipeline: string, stage: string): Promise<void> => {
    const read = await this.world.session.callEngine((api) => api.stageSteps(pipeline, stage));
    if (read.ok) this.world.pipelines.takeIn({ type: 'stageRead', pipeline, stage, steps: read.value });
  };

  /** Puts a checkpoint on the device as the model that answers. */
  loadCheckpoint = async (pipeline: string, checkpoint: string): Promise<boolean> => {
    const source = { kind: 'checkpoint', pipeline, checkpoint } as const;
    const loaded = await this.#once('load', () => this.world.runs.loadAnotherModel(source));
    return loaded?.ok ?? false;
  };

  /** The folder of a checkpoint or a set, as a zip. */
  exportCheckpoint = async (pipeline: string, checkpoint: string): Promise<Uint8Array | undefined> => {
    const zip = await this.#command('export', (api) => api.exportCheckpoint(pipeline, checkpoint));
    return zip?.ok ? zip.value : undefined;
  };

  #command<T>(name: Pending, command: (api: EngineApi) => Promise<Result<T>>): Promise<Result<T> | undefined> {
    return this.#once(name, () => this.world.session.callEngine(command));
  }

  /** One command at a time: undefined where another one is on its way. */
  async #once<T>(name: Pending, send: () => Promise<Result<T>>): Promise<Result<T> | undefined> {
    if (this.usePipelineDesk.getState().pending !== undefined) return undefined;
    this.usePipelineDesk.setState({ pending: name, problem: undefined });
    const result = await send();
    this.usePipelineDesk.setState({ pending: undefined, problem: result.ok ? undefined : result.error });
    return result;
  }
}
