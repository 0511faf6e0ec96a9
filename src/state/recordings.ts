// The recordings that come with the page.
import { findRecording, type Recording } from '../protocol/recording';

/** A recording of the page's own by name; undefined when it is absent or no recording of this kind. */
export type FetchRecording = <K extends Recording['kind']>(
  name: string,
  kind: K,
) => Promise<Extract<Recording, { kind: K }> | undefined>;

/** Fetches public/recorded/{name}.json. @param fetchFile by its path in public/ */
export function recordingFetcher(fetchFile: (path: string) => Promise<Response>): FetchRecording {
  return async <K extends Recording['kind']>(name: string, kind: K) => {
    try {
      const response = await fetchFile(`recorded/${name}.json`);
      if (!response.ok) return undefined;
      const recording = findRecording(await response.json());
      return recording?.kind === kind ? (recording as Extract<Recording, { kind: K }>) : undefined;
    } catch {
      // Offline, or the server answered with its index page: there is simply nothing to play.
      return undefined;
    }
  };
}
