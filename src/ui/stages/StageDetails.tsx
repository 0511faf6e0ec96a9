// What unfolds under a row: the stage's curves, why answers were left out, its settings, and what can be done with what it made.
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Done, StageInfo, StepMetrics } from '../../protocol/protocol';
import type { ChosenPipeline } from '../../state/chosenPipeline';
import {
  exportCheckpoint,
  loadCheckpoint,
  readStage,
  runPipeline,
  usePipelineDesk,
} from '../../state/page/pipelineDesk';
import { usePipelines } from '../../state/page/pipelines';
import { useRun } from '../../state/page/run';
import { stageKey } from '../../state/pipelineReducer';
import { isTraining } from '../../state/runReducer';
import { goTo } from '../app/screens';
import { useFormat } from '../format';
import { useNames } from '../names';
import { saveFile } from '../saveFile';
import { StageCharts } from './StageCharts';
import { useBlockOf } from './useBlockOf';

const NO_STEPS: readonly StepMetrics[] = [];

interface StageDetailsProps {
  readonly chosen: ChosenPipeline;
  /** Undefined for an input. */
  readonly stage: StageInfo | undefined;
  readonly name: string;
  readonly done: Done | undefined;
}

export function StageDetails({ chosen, stage, name, done }: StageDetailsProps) {
  const pipeline = chosen.pipeline.name;
  return (
    <div className="mt-2 pb-2">
      {stage && <StageCurves pipeline={pipeline} stage={stage} />}
      {done?.rejection && <Rejection report={done.rejection} />}
      {done && <Actions pipeline={pipeline} name={name} isModel={done.evaluation !== undefined} />}
      {stage && !done && <RunOnly chosen={chosen} stage={stage} />}
      {stage && <Settings settings={stage.settings} />}
    </div>
  );
}

function StageCurves({ pipeline, stage }: { readonly pipeline: string; readonly stage: StageInfo }) {
  const isBegun = usePipelines((state) => state.runs[pipeline] !== undefined);
  const steps = usePipelines((state) => state.steps[stageKey(pipeline, stage.name)] ?? NO_STEPS);
  useEffect(() => {
    if (isBegun) void readStage(pipeline, stage.name);
  }, [isBegun, pipeline, stage.name]);
  return <StageCharts kind={stage.kind} steps={steps} />;
}

function Rejection({ report }: { readonly report: NonNullable<Done['rejection']> }) {
  const { t } = useTranslation();
  const format = useFormat();
  const names = useNames();
  const reasons = Object.entries(report.dropped).filter(([, count]) => count > 0);
  return (
    <div className="mt-2 max-w-md text-fine">
      <p>{t('stages.keptFor', { kept: format.number(report.kept), problems: format.number(report.problems) })}</p>
      {reasons.length > 0 && (
        <>
          <p className="mt-1 text-soft">{t('stages.leftOut')}</p>
          <dl>
            {reasons.map(([reason, count]) => (
              <div key={reason} className="flex items-center gap-3 border-b border-dotted border-line py-1">
                <dt className="w-44">{names.rejection(reason)}</dt>
                <dd className="flex flex-1 items-center gap-2">
                  <span aria-hidden className="h-1.5 flex-1 overflow-hidden rounded-xs bg-line">
                    <span className="block h-full bg-edge" style={{ width: `${(count / report.sampled) * 100}%` }} />
                  </span>
                  <span className="w-14 text-right">{format.number(count)}</span>
                </dd>
              </div>
            ))}
          </dl>
        </>
      )}
    </div>
  );
}

interface ActionsProps {
  readonly pipeline: string;
  readonly name: string;
  readonly isModel: boolean;
}

function Actions({ pipeline, name, isModel }: ActionsProps) {
  const { t } = useTranslation();
  const isBusy = usePipelineDesk((desk) => desk.pending !== undefined);
  const isRunTraining = useRun(isTraining);
  const ask = async () => {
    if (await loadCheckpoint(pipeline, name)) goTo('ask');
  };
  const download = async () => {
    const zip = await exportCheckpoint(pipeline, name);
    if (zip) saveFile(zip, `${pipeline}-${name}.zip`);
  };
  return (
    <div className="mt-3 flex flex-wrap gap-2">
      {isModel && (
        <button type="button" className="button" disabled={isBusy || isRunTraining} onClick={() => void ask()}>
          {t('stages.askIt')}
        </button>
      )}
      <button type="button" className="button" disabled={isBusy} onClick={() => void download()}>
        {t('stages.download')}
      </button>
    </div>
  );
}

/** Makes this stage, and what it needs, without the rest. */
function RunOnly({ chosen, stage }: { readonly chosen: ChosenPipeline; readonly stage: StageInfo }) {
  const { t } = useTranslation();
  const isBusy = usePipelineDesk((desk) => desk.pending !== undefined);
  const isBlocked = useBlockOf(chosen.run) !== undefined;
  if (chosen.run?.status === 'running') return null;
  const isNextToMake = stage.needs.every((need) => chosen.run?.done.some(({ name }) => name === need));
  return (
    <button
      type="button"
      className="button mt-3"
      disabled={isBusy || isBlocked}
      onClick={() => void runPipeline(chosen, stage.name)}
    >
      {t(isNextToMake ? 'stages.runOnly' : 'stages.runWithNeeds')}
    </button>
  );
}

function Settings({ settings }: { readonly settings: StageInfo['settings'] }) {
  const { t } = useTranslation();
  const [isOpen, setOpen] = useState(false);
  if (Object.keys(settings).length === 0) return null;
  return (
    <details className="mt-3 text-fine" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary className="min-h-6 text-soft">{t('stages.settings')}</summary>
      {isOpen && (
        <pre className="mt-1 overflow-x-auto bg-wash p-3 font-mono text-xs whitespace-pre-wrap">
          {JSON.stringify(settings, null, 2)}
        </pre>
      )}
    </details>
  );
}
