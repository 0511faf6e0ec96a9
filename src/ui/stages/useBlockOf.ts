// Why a pipeline cannot be run now: in words, or undefined if it can.
import { useTranslation } from 'react-i18next';
import type { PipelineRun } from '../../protocol/protocol';
import { usePipelines } from '../../state/page/pipelines';
import { useRun } from '../../state/page/run';
import { runningPipeline } from '../../state/pipelineReducer';
import { isTraining } from '../../state/runReducer';
import { useNames } from '../names';

/** @param run what there is of it in this browser */
export function useBlockOf(run: PipelineRun | undefined): string | undefined {
  const { t } = useTranslation();
  const names = useNames();
  const running = usePipelines(runningPipeline);
  const isTrainingRun = useRun(isTraining);
  if (run?.isElsewhere) return t('stages.elsewhere');
  if (running) return t('stages.blockedBy', { name: names.pipeline(running.pipeline.name) });
  return isTrainingRun ? t('stages.blockedByRun') : undefined;
}
