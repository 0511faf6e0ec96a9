import { PipelineStore } from '../pipelines';
import { session } from './session';

export const pipelines = new PipelineStore(session);
export const { usePipelines, refreshPipelines } = pipelines;
