import type { RunRecord } from '../protocol/protocol';

/** What a run is called: as its reader calls it, else its name. */
export const runTitle = ({ name, label }: Pick<RunRecord, 'name' | 'label'>): string => label || name;
