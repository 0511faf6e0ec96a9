import { PipelineDeskStore } from '../pipelineDesk';
import { fetchRecording } from './browser';
import { pipelines } from './pipelines';
import { runs } from './run';
import { session } from './session';

export const {
  usePipelineDesk,
  useRecordedPipelines,
  fetchRecordedPipeline,
  choosePipeline,
  runPipeline,
  runNamedPipeline,
  stopPipeline,
  deletePipeline,
  openPipeline,
  makeBase,
  makeStage,
  exportPipeline,
  readStage,
  loadCheckpoint,
  exportCheckpoint,
} = new PipelineDeskStore({ session, pipelines, runs, fetchRecording });
