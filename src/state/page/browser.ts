// What the stores reach of the browser beside the engine.
import { recordingFetcher } from '../recordings';

/** A file that comes with the page, by its path in public/. */
export const fetchFile = (path: string): Promise<Response> => fetch(`${import.meta.env.BASE_URL}${path}`);

export const fetchRecording = recordingFetcher(fetchFile);

/** Whether the reader wants no motion. */
export const isStill = (): boolean => matchMedia('(prefers-reduced-motion: reduce)').matches;
