// The pipelines: the store around their reducer, which one is looked at, and what a reader can do with it.
import { create } from 'zustand';
import type { DescribedError, ModelInfo, Result } from '../worker/protocol';
import type { PipelineRecording } from '../worker/recording';
import type { ChosenPipeline, PipelineChoice } from './chosenPipeline';
import { noPipelines, type PipelinesEvent, type PipelinesState, reducePipelines } from './pipelineReducer';
import { fetchRecording } from './player';
import { loadAnotherModel } from './run';
import { callEngine, onEngineEvents } from './session';

export const usePipelines = create<PipelinesState>()(() => noPipelines);

export interface PipelineDesk extends PipelineChoice {
  /** A command was sent and not yet answered (a stop takes until the step's end). */
  readonly pending: 'run' | 'stop' | 'delete' | 'open' | 'load' | 'export' | undefined;
  /** Why the last command was refused. */
  readonly problem: DescribedError | undefined;
}
export const usePipelineDesk = create<PipelineDesk>()(() => ({
  chosen: undefined,
  isMini: undefined,
  pending: undefined,
  problem: undefined,
}));

/** Full runs that come with the page, by the name of their pipeline; null where there is none. */
export const useRecordedPipelines = create<Readonly<Record<string, PipelineRecording | null>>>()(() => ({}));

/** Fetches the recorded run of a pipeline, once. */
export async function fetchRecordedPipeline(name: string): Promise<void> {
  if (name in useRecordedPipelines.getState()) return;
  useRecordedPipelines.setState({ [name]: null });
  const recording = await fetchRecording(name, 'pipeline');
  if (recording) useRecordedPipelines.setState({ [name]: recording });
}

const dispatch = (event: PipelinesEvent) => usePipelines.setState((state) => reducePipelines(state, event));

onEngineEvents((batch) => {
  for (const event of batch) dispatch(event);
});

export function choosePipeline(choice: Partial<PipelineChoice>): void {
  usePipelineDesk.setState({ ...choice, problem: undefined });
}

async function command<T>(
  name: NonNullable<PipelineDesk['pending']>,
  send: () => Promise<Result<T>>,
): Promise<Result<T> | undefined> {
  if (usePipelineDesk.getState().pending !== undefined) return undefined;
  usePipelineDesk.setState({ pending: name, problem: undefined });
  const result = await send();
  usePipelineDesk.setState({ pending: undefined, problem: result.ok ? undefined : result.error });
  return result;
}

/** Reads again which pipelines there are in this browser. */
export async function refreshPipelines(): Promise<void> {
  const listed = await callEngine((api) => api.listPipelines());
  if (listed.ok) dispatch({ type: 'pipelinesListed', runs: listed.value });
}

/** Begins what is looked at, or goes on with it; it stays looked at. @param only a stage: just that, and what it needs. */
export async function runPipeline({ full, isMini, pipeline: { name } }: ChosenPipeline, only?: string): Promise<void> {
  usePipelineDesk.setState({ chosen: full.name, isMini });
  const result = await command('run', () => callEngine((api) => api.runPipeline(name, only)));
  if (result?.ok) dispatch({ type: 'pipelineChanged', run: result.value });
  else await refreshPipelines();
}

/** Ends the current step and saves. */
export async function stopPipeline(): Promise<void> {
  const result = await command('stop', () => callEngine((api) => api.stopPipeline()));
  if (result?.ok) dispatch({ type: 'pipelineChanged', run: result.value });
}

export async function deletePipeline(name: string): Promise<void> {
  const result = await command('delete', () => callEngine((api) => api.deletePipeline(name)));
  if (result?.ok) dispatch({ type: 'pipelineDeleted', name });
}

/** Takes a pipeline from a file, and looks at it. */
export async function openPipeline(file: File): Promise<void> {
  const text = await file.text();
  const result = await command('open', () => callEngine((api) => api.openPipeline(text, file.name)));
  if (!result?.ok) return;
  const { name } = result.value.pipeline;
  await refreshPipelines();
  usePipelineDesk.setState({ chosen: name, isMini: undefined });
}

/** A pipeline as the text of a file. */
export async function exportPipeline(name: string): Promise<string | undefined> {
  const file = await command('export', () => callEngine((api) => api.pipelineFile(name)));
  return file?.ok ? file.value : undefined;
}

/** Reads the metrics that were saved of a stage. */
export async function readStage(pipeline: string, stage: string): Promise<void> {
  const read = await callEngine((api) => api.stageSteps(pipeline, stage));
  if (read.ok) dispatch({ type: 'stageRead', pipeline, stage, steps: read.value });
}

/** Puts a checkpoint on the device as the model that answers. */
export async function loadCheckpoint(pipeline: string, checkpoint: string): Promise<boolean> {
  const load = (): Promise<Result<ModelInfo>> => loadAnotherModel({ kind: 'checkpoint', pipeline, checkpoint });
  return (await command('load', load))?.ok ?? false;
}

/** The folder of a checkpoint or a set, as a zip. */
export async function exportCheckpoint(pipeline: string, checkpoint: string): Promise<Uint8Array | undefined> {
  const zip = await command('export', () => callEngine((api) => api.exportCheckpoint(pipeline, checkpoint)));
  return zip?.ok ? zip.value : undefined;
}
