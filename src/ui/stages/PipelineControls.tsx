// Run, stop, go on, delete: whichever the pipeline's state allows.
import { useTranslation } from 'react-i18next';
import type { ChosenPipeline } from '../../state/chosenPipeline';
import { deletePipeline, runPipeline, stopPipeline, usePipelineDesk } from '../../state/page/pipelineDesk';
import { AskOnce } from '../components/AskOnce';
import { useBlockOf } from './useBlockOf';

export function PipelineControls({ chosen }: { readonly chosen: ChosenPipeline }) {
  const { t } = useTranslation();
  const pending = usePipelineDesk((desk) => desk.pending);
  const block = useBlockOf(chosen.run);
  const isBusy = pending !== undefined;
  const { run } = chosen;
  const { name } = chosen.pipeline;
  if (run?.status === 'running') {
    return (
      <button
        type="button"
        className="button button-primary w-full"
        disabled={isBusy}
        onClick={() => void stopPipeline()}
      >
        {t(pending === 'stop' ? 'stages.stopping' : 'stages.stop')}
      </button>
    );
  }
  return (
    <>
      {(run === undefined || run.next !== undefined) && (
        <button
          type="button"
          className="button button-primary w-full"
          disabled={isBusy || block !== undefined}
          onClick={() => void runPipeline(chosen)}
        >
          {t(pending === 'run' ? 'stages.starting' : run && run.status !== 'new' ? 'stages.goOn' : 'stages.run')}
        </button>
      )}
      {block !== undefined && <p className="mt-2 text-fine text-soft">{block}</p>}
      {run && !run.isElsewhere && (
        <AskOnce
          key={name}
          label={t('train.runDelete')}
          sure={t('train.runDeleteSure')}
          className="mt-2 w-full"
          disabled={isBusy}
          onConfirm={() => void deletePipeline(name)}
        />
      )}
    </>
  );
}
