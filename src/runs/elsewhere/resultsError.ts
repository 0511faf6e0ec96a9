import { SoliloquyError } from '../../lib/errors';

/** Results of another program that cannot be read. */
export class ResultsError extends SoliloquyError {
  readonly code = 'bad_results';

  constructor(file: string, found: string, remedy: string, options?: ErrorOptions) {
    super(`${shownName(file)}: ${found}.`, remedy, options);
  }
}

/** A file's name as a message may hold it. */
export const shownName = (path: string): string => JSON.stringify(path.slice(-80));
