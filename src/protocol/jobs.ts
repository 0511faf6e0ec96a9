// Runs and pipelines as jobs that go on elsewhere, under TRL, on a Ray cluster or under veRL.
import type { JobRequest } from '../export/jobRun';
import type { Result } from './result';

export type { JobRequest };

export type JobSource =
  | { readonly kind: 'run'; readonly runId: string }
  | { readonly kind: 'pipeline'; readonly name: string };

export interface JobApi {
  /** The job as a zip of one folder. The training and what is kept of it stay as they are. */
  exportJob(source: JobSource, request: JobRequest): Promise<Result<Blob>>;
}
