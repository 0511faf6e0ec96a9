// The full run of a pipeline that comes with the page, beside the reader's own: what the recipe makes of the model at
// its own size.
import { useEffect, useId, useState } from 'react';
import { Trans, useTranslation } from 'react-i18next';
import { fetchRecordedPipeline, useRecordedPipelines } from '../../state/page/pipelineDesk';
import { Recorded } from '../components/Recorded';
import { useFormat } from '../format';
import { CheckpointTable } from './CheckpointTable';
import { StageCharts } from './StageCharts';
import { StoryMeasured } from './StoryMeasured';
import { findStory } from './story';

const accent = { b: <b className="font-normal text-accent" /> };

/** Nothing where no run of this name was recorded. @param name of the pipeline's full form. */
export function RecordedPipeline({ name }: { readonly name: string }) {
  const { t } = useTranslation();
  const format = useFormat();
  const titleId = useId();
  const recording = useRecordedPipelines((recorded) => recorded[name]);
  const [isOpen, setOpen] = useState(false);
  useEffect(() => void fetchRecordedPipeline(name), [name]);
  if (!recording) return null;
  const { run, steps, madeBy } = recording;
  const story = findStory(run.done);
  return (
    <section aria-labelledby={titleId} className="mt-12" data-testid="recorded-pipeline">
      <h2 id={titleId} className="font-voice text-xl">
        {t('stages.recordedTitle')}
      </h2>
      <div className="mt-1">
        <Recorded madeBy={madeBy} />
      </div>
      {story && (
        <p className="mt-2">
          <Trans
            i18nKey="stages.story"
            values={{ ...story, before: format.percent(story.before), now: format.percent(story.now) }}
            components={accent}
          />
        </p>
      )}
      {story && <StoryMeasured story={story} pipeline={run.pipeline} />}
      <CheckpointTable run={run} />
      <details className="mt-4" onToggle={(event) => setOpen(event.currentTarget.open)}>
        <summary className="min-h-6 text-fine text-soft">{t('stages.recordedCurves')}</summary>
        {isOpen &&
          run.pipeline.stages.map((stage) => (
            <div key={stage.name} className="mt-4">
              <h3 className="mb-1 font-semibold">{stage.name}</h3>
              <StageCharts kind={stage.kind} steps={steps[stage.name] ?? []} />
            </div>
          ))}
      </details>
    </section>
  );
}
