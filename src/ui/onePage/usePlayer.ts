// Plays the one page: in the gaps between frames as fast as it goes, or line by line at a reading pace.
import { useCallback, useEffect, useRef, useState } from 'react';
import { NOTHING, OnePageSession, type Progress } from './session';

/** How long it computes in one go: less than a frame, so that the page stays at hand. */
const SLICE_MS = 10;
const SLOW_MS = 700;

export interface Player {
  readonly progress: Progress;
  readonly isPlaying: boolean;
  readonly isSlow: boolean;
  setPlaying(isPlaying: boolean): void;
  setSlow(isSlow: boolean): void;
  /** To the next line that has something to show. */
  stepLine(): void;
  /** To the end of the round. */
  stepRound(): void;
  restart(): void;
}

export function usePlayer(): Player {
  const session = useRef<OnePageSession>(null);
  const seed = useRef(2);
  const [progress, setProgress] = useState(NOTHING);
  const [isPlaying, setPlaying] = useState(false);
  const [isSlow, setSlow] = useState(false);

  const advance = useCallback(() => {
    session.current ??= new OnePageSession(seed.current);
    return session.current.advance();
  }, []);

  useEffect(() => {
    if (!isPlaying) return;
    let timer = 0;
    const tick = () => {
      const startMs = performance.now();
      do advance();
      while (!isSlow && performance.now() - startMs < SLICE_MS);
      setProgress(session.current?.progress ?? NOTHING);
      timer = window.setTimeout(tick, isSlow ? SLOW_MS : 0);
    };
    timer = window.setTimeout(tick, 0);
    return () => clearTimeout(timer);
  }, [isPlaying, isSlow, advance]);

  return {
    progress,
    isPlaying,
    isSlow,
    setPlaying,
    setSlow,
    stepLine: () => setProgress(advance()),
    stepRound: () => {
      const rounds = progress.accuracies.length;
      let next = advance();
      // The weights move last: until the questions of the next round.
      while (next.at !== 'questions' || next.accuracies.length === rounds) next = advance();
      setProgress(next);
    },
    restart: () => {
      seed.current++;
      session.current = null;
      setProgress(NOTHING);
    },
  };
}
