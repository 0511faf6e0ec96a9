// The two players that the small form of the pipeline self-play makes in this browser.
import { useEffect } from 'react';
import { refreshPipelines, usePipelines } from '../../../state/page/pipelines';
import { useSession } from '../../../state/page/session';

export const PIPELINE = 'self-play-mini';
export const PLAYERS = ['pupil', 'player'] as const;
export type NimPlayer = (typeof PLAYERS)[number];

export function useNimPlayers() {
  const isOpen = useSession(({ catalogue }) => catalogue !== undefined);
  const run = usePipelines(({ runs }) => runs[PIPELINE]);
  const progress = usePipelines((state) => (state.progress?.pipeline === PIPELINE ? state.progress : undefined));
  useEffect(() => {
    if (isOpen) void refreshPipelines();
  }, [isOpen]);
  const made = PLAYERS.filter((name) => run?.done.some((done) => done.name === name));
  return { run, progress, made };
}
