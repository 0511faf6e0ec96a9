import type { JobRequest, JobSource } from '../../protocol/jobs';
import { session } from './session';

/** A job as a zip, or why there is none. */
export const exportJob = (source: JobSource, request: JobRequest) =>
  session.callEngine((api) => api.exportJob(source, request));
