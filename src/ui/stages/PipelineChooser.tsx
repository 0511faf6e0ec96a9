// Which pipeline to look at, and in which form.
import { useId } from 'react';
import { useTranslation } from 'react-i18next';
import type { Catalogue, PipelineRun } from '../../protocol/protocol';
import { type ChosenPipeline, givenPipelines } from '../../state/chosenPipeline';
import { choosePipeline } from '../../state/page/pipelineDesk';
import { usePipelines } from '../../state/page/pipelines';
import { Switch } from '../components/Switch';
import { useNames } from '../names';

interface PipelineChooserProps {
  readonly catalogue: Catalogue;
  readonly chosen: ChosenPipeline;
}

/** A mini that starts from a model of the page learns; one that makes its own is too small to. */
function sizeHelp({ isMini, pipeline }: ChosenPipeline) {
  if (!isMini) return 'stages.fullHelp' as const;
  return pipeline.inputs.length > 0 ? ('stages.miniHelp' as const) : ('stages.tinyHelp' as const);
}

export function PipelineChooser({ catalogue, chosen }: PipelineChooserProps) {
  const { t } = useTranslation();
  const group = useId();
  const runs = usePipelines((state) => state.runs);
  const choices = [
    ...catalogue.pipelines.map(({ full, mini }) => ({ name: full.name, run: runs[full.name] ?? runs[mini.name] })),
    ...givenPipelines(catalogue, runs).map((run) => ({ name: run.pipeline.name, run })),
  ];
  return (
    <div>
      <fieldset>
        <legend className="caps">{t('stages.pipeline')}</legend>
        <div className="mt-1">
          {choices.map(({ name, run }) => (
            <Choice key={name} group={group} name={name} run={run} isChosen={name === chosen.full.name} />
          ))}
        </div>
      </fieldset>
      {chosen.hasForms && (
        <div className="mt-3">
          <Switch checked={chosen.isMini} onChange={(isMini) => choosePipeline({ chosen: chosen.full.name, isMini })}>
            {t('stages.mini')}
          </Switch>
          <p className="text-fine text-soft">{t(sizeHelp(chosen))}</p>
        </div>
      )}
    </div>
  );
}

interface ChoiceProps {
  readonly group: string;
  readonly name: string;
  readonly run: PipelineRun | undefined;
  readonly isChosen: boolean;
}

function Choice({ group, name, run, isChosen }: ChoiceProps) {
  const { t } = useTranslation();
  const names = useNames();
  return (
    <label className="flex cursor-pointer gap-2 border-b border-dotted border-line py-2 has-checked:font-semibold">
      <input
        type="radio"
        name={group}
        className="mt-1 size-4 shrink-0 accent-accent"
        checked={isChosen}
        onChange={() => choosePipeline({ chosen: name })}
      />
      <span className="min-w-0 wrap-anywhere">
        {names.pipeline(name)}{' '}
        {run && (
          <span className="ml-1 text-fine font-normal text-soft">
            {t(run.isElsewhere ? 'train.elsewhereStatus' : `stages.status.${run.status}`)}
          </span>
        )}
      </span>
    </label>
  );
}
