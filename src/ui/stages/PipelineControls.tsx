// Run, stop, go on, delete: whichever the pipeline's state allows.
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ChosenPipeline } from '../../state/chosenPipeline';
import { runningPipeline } from '../../state/pipelineReducer';
import { deletePipeline, runPipeline, stopPipeline, usePipelineDesk, usePipelines } from '../../state/pipelines';
import { useRun } from '../../state/run';
import { isTraining } from '../../state/runReducer';
import { useNames } from '../names';

export function PipelineControls({ chosen }: { readonly chosen: ChosenPipeline }) {
  const { t } = useTranslation();
  const pending = usePipelineDesk((desk) => desk.pending);
  const running = usePipelines(runningPipeline);
  const isTrainingRun = useRun(isTraining);
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
  const isBlocked = running !== undefined || isTrainingRun || run?.isElsewhere === true;
  return (
    <>
      {run?.status !== 'finished' && (
        <button
          type="button"
          className="button button-primary w-full"
          disabled={isBusy || isBlocked}
          onClick={() => void runPipeline(chosen)}
        >
          {t(pending === 'run' ? 'stages.starting' : run ? 'stages.goOn' : 'stages.run')}
        </button>
      )}
      <Blocked
        isElsewhere={run?.isElsewhere === true}
        isTrainingRun={isTrainingRun}
        runningName={running?.pipeline.name}
      />
      {run && !run.isElsewhere && <Delete key={name} name={name} isDisabled={isBusy} />}
    </>
  );
}

interface BlockedProps {
  readonly isElsewhere: boolean;
  readonly isTrainingRun: boolean;
  readonly runningName: string | undefined;
}

/** Why it cannot be run now. */
function Blocked({ isElsewhere, isTrainingRun, runningName }: BlockedProps) {
  const { t } = useTranslation();
  const names = useNames();
  if (!isElsewhere && !isTrainingRun && runningName === undefined) return null;
  return (
    <p className="mt-2 text-fine text-soft">
      {isElsewhere
        ? t('stages.elsewhere')
        : runningName === undefined
          ? t('stages.blockedByRun')
          : t('stages.blockedBy', { name: names.pipeline(runningName) })}
    </p>
  );
}

function Delete({ name, isDisabled }: { readonly name: string; readonly isDisabled: boolean }) {
  const { t } = useTranslation();
  const [isAsking, setAsking] = useState(false);
  return (
    <button
      type="button"
      className={`button mt-2 w-full ${isAsking ? 'text-bad' : ''}`}
      disabled={isDisabled}
      onBlur={() => setAsking(false)}
      onClick={() => (isAsking ? void deletePipeline(name) : setAsking(true))}
    >
      {t(isAsking ? 'train.runDeleteSure' : 'train.runDelete')}
    </button>
  );
}
