// Which pipeline to look at, and in which form.
import { useId } from 'react';
import { useTranslation } from 'react-i18next';
import type { ChosenPipeline } from '../../state/chosenPipeline';
import { choosePipeline, usePipelines } from '../../state/pipelines';
import type { Catalogue } from '../../worker/protocol';
import { Switch } from '../components/Switch';
import { useNames } from '../names';

interface PipelineChooserProps {
  readonly pipelines: Catalogue['pipelines'];
  readonly chosen: ChosenPipeline;
}

export function PipelineChooser({ pipelines, chosen }: PipelineChooserProps) {
  const { t } = useTranslation();
  const names = useNames();
  const group = useId();
  const runs = usePipelines((state) => state.runs);
  return (
    <div>
      <fieldset>
        <legend className="caps">{t('stages.pipeline')}</legend>
        <div className="mt-1">
          {pipelines.map(({ full, mini }) => {
            const run = runs[full.name] ?? runs[mini.name];
            return (
              <label
                key={full.name}
                className="flex cursor-pointer gap-2 border-b border-dotted border-line py-2 has-checked:font-semibold"
              >
                <input
                  type="radio"
                  name={group}
                  className="mt-1 size-4 shrink-0 accent-accent"
                  checked={full.name === chosen.full.name}
                  onChange={() => choosePipeline({ chosen: full.name })}
                />
                <span className="min-w-0">
                  {names.pipeline(full.name)}{' '}
                  {run && (
                    <span className="ml-1 text-fine font-normal text-soft">
                      {t(run.isElsewhere ? 'train.elsewhereStatus' : `stages.status.${run.status}`)}
                    </span>
                  )}
                </span>
              </label>
            );
          })}
        </div>
      </fieldset>
      <div className="mt-3">
        <Switch checked={chosen.isMini} onChange={(isMini) => choosePipeline({ chosen: chosen.full.name, isMini })}>
          {t('stages.mini')}
        </Switch>
        <p className="text-fine text-soft">{t(chosen.isMini ? 'stages.miniHelp' : 'stages.fullHelp')}</p>
      </div>
    </div>
  );
}
