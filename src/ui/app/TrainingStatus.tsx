// On every screen, while a run or a pipeline trains: which, how far it is, and the way to it.
import { useTranslation } from 'react-i18next';
import { useTraining } from './useTraining';

export function TrainingStatus() {
  const { t } = useTranslation();
  const training = useTraining();
  if (training === undefined) return null;
  const { screen, name, steps } = training;
  return (
    <a href={`#${screen}`} data-testid="training-status" className="flex min-h-6 min-w-0 items-center gap-2 text-ink">
      <span aria-hidden className="size-2 shrink-0 rounded-full bg-accent motion-safe:animate-pulse" />
      <span className={`link truncate ${steps ? 'max-sm:sr-only' : ''}`}>
        {t(screen === 'train' ? 'app.training' : 'app.pipelineRuns', { name })}
      </span>
      {steps && (
        <span className="shrink-0 text-soft">{t('app.trainingStep', { step: steps.done, max: steps.max })}</span>
      )}
    </a>
  );
}
