// While a run or a pipeline trains: keeps the screen awake, has it saved when the page may go, and asks before it is left.
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { usePipelines } from '../../state/page/pipelines';
import { saveRunSoon, useRun } from '../../state/page/run';
import { runningPipeline } from '../../state/pipelineReducer';
import { isTraining } from '../../state/runReducer';

export function useRunGuards(): void {
  const { t } = useTranslation();
  const isTrainingRun = useRun(isTraining);
  const isRunning = usePipelines((state) => runningPipeline(state) !== undefined) || isTrainingRun;
  const isUnsaved = useRun((state) => state.unsaved !== undefined);
  const message = t('app.leave');
  useEffect(() => {
    if (!isRunning && !isUnsaved) return;
    const askFirst = (event: BeforeUnloadEvent) => {
      // The engine goes on while the browser asks.
      void saveRunSoon();
      event.preventDefault();
      return message;
    };
    addEventListener('beforeunload', askFirst);
    return () => removeEventListener('beforeunload', askFirst);
  }, [isRunning, isUnsaved, message]);
  useEffect(() => (isRunning ? keepAwake() : undefined), [isRunning]);
  useEffect(() => {
    // On a phone a page in the background may be ended without a word.
    const saveHidden = () => {
      if (document.hidden) void saveRunSoon();
    };
    document.addEventListener('visibilitychange', saveHidden);
    return () => document.removeEventListener('visibilitychange', saveHidden);
  }, []);
}

/** Holds a wake lock, taken again whenever the page becomes visible; returns the function that lets go. */
function keepAwake(): () => void {
  let lock: WakeLockSentinel | undefined;
  let isHeld = true;
  const take = async () => {
    if (document.visibilityState !== 'visible' || !('wakeLock' in navigator)) return;
    try {
      const taken = await navigator.wakeLock.request('screen');
      if (isHeld) lock = taken;
      else await taken.release();
    } catch {
      // Refused, as with a low battery: training goes on, the screen may sleep.
    }
  };
  document.addEventListener('visibilitychange', take);
  void take();
  return () => {
    isHeld = false;
    document.removeEventListener('visibilitychange', take);
    void lock?.release();
  };
}
