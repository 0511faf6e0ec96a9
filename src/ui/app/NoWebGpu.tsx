// What to do where the page got no GPU: in words for the reader's own browser, while the recordings play on.
import { useTranslation } from 'react-i18next';
import { useAsk } from '../../state/page/ask';
import { useRun } from '../../state/page/run';
import { openEngine, useSession } from '../../state/page/session';
import { useNames } from '../names';
import { adviceFor } from './browserAdvice';

function useHasRecording(): boolean {
  const hasAnswer = useAsk((state) => state.origin === 'recorded');
  return useRun((state) => state.origin === 'recorded') || hasAnswer;
}

export function NoWebGpu() {
  const { t } = useTranslation();
  const problem = useSession((session) => session.problem);
  // A device too small, a worker that did not start: what went wrong says more than advice about browsers.
  const names = useNames();
  const other = problem !== undefined && problem.code !== 'webgpu_missing' ? names.problem(problem) : undefined;
  const hasRecording = useHasRecording();
  const advice = adviceFor(navigator.userAgent, isSecureContext);
  return (
    <section
      aria-labelledby="no-gpu-title"
      className="mt-8 mb-6 max-w-prose border-l-3 border-accent bg-wash px-5 py-4"
    >
      <h2 id="no-gpu-title" className="font-voice text-xl">
        {other?.what ?? t('noGpu.title')}
      </h2>
      {other?.detail && <p className="mt-2 wrap-anywhere">{other.detail}</p>}
      <p className="mt-2">
        {other?.remedy ?? t('noGpu.body')} {hasRecording && t('noGpu.recordings')}
      </p>
      {!other && (
        <ul className="mt-3 list-disc space-y-1 pl-5">
          {advice.map((name) => (
            <li key={name}>{t(`noGpu.${name}`)}</li>
          ))}
        </ul>
      )}
      {!other && problem && problem.userMessage !== '' && (
        <details className="mt-3 text-fine text-soft">
          <summary className="min-h-6">{t('noGpu.detail')}</summary>
          <p>
            {problem.userMessage} {problem.remedy}
          </p>
        </details>
      )}
      <button type="button" className="button mt-4" onClick={() => void openEngine()}>
        {t('noGpu.retry')}
      </button>
    </section>
  );
}
