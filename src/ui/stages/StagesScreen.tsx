// The Stages screen: on the left which pipeline and what to do with it; on the right its graph, its story and its checkpoints.
import { Suspense, useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { chosenPipeline } from '../../state/chosenPipeline';
import { focusOn } from '../../state/page/inspect';
import { usePipelineDesk } from '../../state/page/pipelineDesk';
import { refreshPipelines, usePipelines } from '../../state/page/pipelines';
import { useSession } from '../../state/page/session';
import { NoDevice } from '../app/NoDevice';
import { ProblemNote } from '../components/ProblemNote';
import { lazyPart } from '../i18n/lazyPart';
import { CheckpointTable } from './CheckpointTable';
import { PipelineChooser } from './PipelineChooser';
import { PipelineControls } from './PipelineControls';
import { PipelineFiles } from './PipelineFiles';
import { PipelineGraph } from './PipelineGraph';
import { PipelineHead } from './PipelineHead';
import { RecordedPipeline } from './RecordedPipeline';

const ContinueAtScale = lazyPart('export', () => import('../export/ContinueAtScale'));

export default function StagesScreen() {
  const { t } = useTranslation();
  const status = useSession((session) => session.status);
  const engineProblem = useSession((session) => session.problem);
  const catalogue = useSession((session) => session.catalogue);
  const runs = usePipelines((state) => state.runs);
  const desk = usePipelineDesk();
  useEffect(() => {
    if (status !== 'ready') return;
    const refresh = () => {
      if (!document.hidden) void refreshPipelines();
    };
    refresh();
    // Meanwhile another tab may have taken a pipeline, or given one back.
    document.addEventListener('visibilitychange', refresh);
    return () => document.removeEventListener('visibilitychange', refresh);
  }, [status]);
  // The charts of all screens share the step that is looked at, which means nothing in another's curves.
  useEffect(() => () => focusOn(undefined), []);
  if (status === 'unavailable') {
    return (
      <>
        <NoDevice />
        <RecordedPipeline name="r1" />
      </>
    );
  }
  const chosen = catalogue && chosenPipeline(catalogue, runs, desk);
  if (catalogue === undefined || chosen === undefined) return <p className="text-soft">{t('model.opening')}</p>;
  // Whoever has made the whole of it here needs no recording.
  const isWhole = !chosen.isMini && chosen.run?.status === 'finished';
  const problem = desk.problem ?? chosen.run?.problem;
  return (
    <div className="grid gap-x-11 gap-y-6 md:grid-cols-[16.25rem_minmax(0,1fr)]">
      <div className="min-w-0">
        <PipelineChooser catalogue={catalogue} chosen={chosen} />
        <div className="mt-4">
          <PipelineControls chosen={chosen} />
        </div>
        <PipelineFiles name={chosen.pipeline.name} />
      </div>
      <div className="min-w-0">
        <PipelineHead chosen={chosen} />
        {problem && problem !== engineProblem && <ProblemNote problem={problem} />}
        <PipelineGraph chosen={chosen} />
        {chosen.run && <CheckpointTable run={chosen.run} />}
        {chosen.run && (
          <Suspense fallback={null}>
            <ContinueAtScale
              key={chosen.run.pipeline.name}
              source={{ kind: 'pipeline', name: chosen.run.pipeline.name }}
              name={chosen.run.pipeline.name}
            />
          </Suspense>
        )}
        {!chosen.run && <p className="mt-6 max-w-prose text-fine text-soft">{t('stages.scaleLater')}</p>}
        {!isWhole && <RecordedPipeline name={chosen.full.name} />}
        <p className="mt-8">
          <a href="#gallery" className="link min-h-6 text-fine">
            {t('train.gallery')}
          </a>
        </p>
      </div>
    </div>
  );
}
