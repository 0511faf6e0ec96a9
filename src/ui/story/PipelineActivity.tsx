// What a chapter's pipeline does now, in words that change as it goes on.
import { useTranslation } from 'react-i18next';
import type { StoryPipelineState } from '../../state/storyPipeline';

export function PipelineActivity({ status, progress }: Pick<StoryPipelineState, 'status' | 'progress'>) {
  const { t } = useTranslation();
  return (
    <p role="status" className="mt-2 min-h-6 text-fine text-soft">
      {status === 'running' &&
        (progress
          ? t('story.step.phasePart', { ...progress, phase: t(`story.wall.activity.${progress.phase}`) })
          : t('story.frame.working'))}
    </p>
  );
}
