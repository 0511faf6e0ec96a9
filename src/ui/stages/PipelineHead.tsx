// The head of a pipeline: its story so far, why one is expected to fail, and what it does now with how much is left.
import { Trans, useTranslation } from 'react-i18next';
import type { PipelineRun } from '../../protocol/protocol';
import type { ChosenPipeline } from '../../state/chosenPipeline';
import { usePipelines } from '../../state/page/pipelines';
import { useFormat } from '../format';
import { useNames } from '../names';
import { useTaskNames } from '../taskNames';
import { StoryMeasured } from './StoryMeasured';
import { findStory } from './story';

const accent = { b: <b className="font-normal text-accent" /> };
const mono = { code: <code className="font-mono text-[0.9em]" /> };

export function PipelineHead({ chosen: { full, pipeline, run } }: { readonly chosen: ChosenPipeline }) {
  const { t } = useTranslation();
  const format = useFormat();
  const names = useNames();
  const tasks = useTaskNames();
  const story = run && findStory(run.done);
  return (
    <header className="mb-5">
      <h1 className="font-voice text-[1.5625rem] leading-snug" data-testid="pipeline-story">
        {story ? (
          <Trans
            i18nKey="stages.story"
            values={{ ...story, before: format.percent(story.before), now: format.percent(story.now) }}
            components={accent}
          />
        ) : (
          t('stages.title')
        )}
      </h1>
      {story && <StoryMeasured story={story} pipeline={pipeline} />}
      <p className="mt-1 max-w-prose text-soft">{names.pipelineSummary(full)}</p>
      {full.name === 'rl-from-random' && (
        <p className="mt-3 max-w-prose border-l-3 border-accent bg-wash px-4 py-3">
          <Trans i18nKey="stages.expectedToFail" components={mono} />
        </p>
      )}
      <p className="mt-2 text-fine text-soft">{t('stages.about', { task: tasks.task(pipeline.task) })}</p>
      {run && <Progress run={run} />}
    </header>
  );
}

function Progress({ run }: { readonly run: PipelineRun }) {
  const { t } = useTranslation();
  const format = useFormat();
  const progress = usePipelines((state) =>
    state.progress?.pipeline === run.pipeline.name ? state.progress : undefined,
  );
  const { inputs, stages } = run.pipeline;
  const max = inputs.length + stages.length;
  const isRunning = run.status === 'running';
  const value = run.done.length + (isRunning && progress?.name === run.next ? (progress?.share ?? 0) * 0.9 : 0);
  const status = run.isElsewhere ? t('train.elsewhereStatus') : t(`stages.status.${run.status}`);
  return (
    <div className="mt-2 flex flex-wrap items-center gap-x-4 gap-y-1 text-fine text-soft">
      <span data-testid="pipeline-status" className="text-ink">
        {isRunning ? t('announce.workingOn', { name: run.next ?? '' }) : status}
      </span>
      <span data-testid="pipeline-done">{t('stages.doneOf', { done: run.done.length, max })}</span>
      <progress aria-label={t('stages.progress')} className="sr-only" value={value} max={max} />
      <span aria-hidden className="h-[3px] min-w-24 flex-1 overflow-hidden rounded-full bg-line sm:max-w-72">
        <span className="block h-full bg-accent" style={{ width: `${(value / max) * 100}%` }} />
      </span>
      {isRunning && progress?.leftMs !== undefined && progress.phase === 'training' && (
        <span>{t('stages.leftOfStage', { duration: format.duration(progress.leftMs) })}</span>
      )}
    </div>
  );
}
