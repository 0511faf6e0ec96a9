// What to do where nothing computes: in words for what went wrong and for the reader's own browser, while the recordings play on.
import { useTranslation } from 'react-i18next';
import { useAsk } from '../../state/page/ask';
import { computeOn } from '../../state/page/device';
import { useRun } from '../../state/page/run';
import { openEngine, useSession } from '../../state/page/session';
import { useProblemText } from '../problemText';
import { GpuAdvice } from './GpuAdvice';

function useHasRecording(): boolean {
  const hasAnswer = useAsk((state) => state.origin === 'recorded');
  return useRun((state) => state.origin === 'recorded') || hasAnswer;
}

export function NoDevice() {
  const { t } = useTranslation();
  const problem = useSession((session) => session.problem);
  const problemText = useProblemText();
  const hasRecording = useHasRecording();
  const isGpuMissing = problem?.code === 'webgpu_missing';
  // A device too small, a worker that did not start: what went wrong says more than advice about browsers.
  const other = problem && !isGpuMissing && problem.code !== 'no_device' ? problemText(problem) : undefined;
  return (
    <section
      aria-labelledby="no-device-title"
      className="mt-8 mb-6 max-w-prose border-l-3 border-accent bg-wash px-5 py-4"
    >
      <h2 id="no-device-title" className="font-voice text-xl">
        {other?.what ?? t(isGpuMissing ? 'noDevice.noGpu' : 'noDevice.title')}
      </h2>
      {other?.detail && <p className="mt-2 wrap-anywhere">{other.detail}</p>}
      <p className="mt-2">
        {other?.remedy ?? t(isGpuMissing ? 'noDevice.noGpuBody' : 'noDevice.body')}{' '}
        {hasRecording && t('noDevice.recordings')}
      </p>
      {isGpuMissing && <GpuAdvice />}
      {!other && problem && problem.userMessage !== '' && (
        <details className="mt-3 text-fine text-soft">
          <summary className="min-h-6">{t('noDevice.detail')}</summary>
          <p className="wrap-anywhere">
            {problem.userMessage} {problem.remedy}
          </p>
        </details>
      )}
      <div className="mt-4 flex flex-wrap gap-2">
        {isGpuMissing && (
          <button type="button" className="button button-primary" onClick={() => void computeOn('auto')}>
            {t('noDevice.useCpu')}
          </button>
        )}
        <button type="button" className="button" onClick={() => void openEngine()}>
          {t('noDevice.retry')}
        </button>
      </div>
    </section>
  );
}
