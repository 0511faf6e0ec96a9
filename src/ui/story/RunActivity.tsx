// What the open run does now, in words that change as it goes on.
import { useTranslation } from 'react-i18next';
import { useRun } from '../../state/page/run';
import { isTraining } from '../../state/runReducer';

export function RunActivity() {
  const { t } = useTranslation();
  const isRunning = useRun(isTraining);
  const { phase, done, total } = useRun();
  if (!isRunning) return <p className="min-h-6" />;
  const isKnown = phase === 'sampling' || phase === 'scoring' || phase === 'updating' || phase === 'evaluating';
  const words = t(`story.step.phase.${isKnown ? phase : 'saving'}`);
  const share = total > 1 ? Math.min(1, done / total) : 0;
  return (
    <div data-testid="story-phase" className="min-h-6 text-fine text-soft">
      {total > 1 ? t('story.step.phasePart', { phase: words, done, total }) : words}
      <span aria-hidden className="mt-1 block h-[3px] overflow-hidden rounded-full bg-line">
        <span className="block h-full bg-accent" style={{ width: `${share * 100}%` }} />
      </span>
    </div>
  );
}
