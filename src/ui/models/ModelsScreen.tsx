// The Models screen: the loaded model, what it is made of and its card beside it; the others, and how to bring one.
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import type { ModelInfo } from '../../protocol/protocol';
import { useRun } from '../../state/page/run';
import { refreshModelInfo, useSession } from '../../state/page/session';
import { NoDevice } from '../app/NoDevice';
import { ExpertHeatMap } from '../experts/ExpertHeatMap';
import { Fact, LoadedModel } from './LoadedModel';
import { LoadModel } from './LoadModel';
import { ModelCard } from './ModelCard';
import { ShippedModels } from './ShippedModels';
import { YourModels } from './YourModels';

export default function ModelsScreen() {
  const { t } = useTranslation();
  const status = useSession((session) => session.status);
  const model = useSession((session) => session.model);
  const hasModel = model !== undefined;
  useEffect(() => {
    if (!hasModel) return;
    void refreshModelInfo();
    // A run that rests has another card than before.
    return useRun.subscribe(({ run }, before) => {
      if (run?.status !== before.run?.status) void refreshModelInfo();
    });
  }, [hasModel]);
  if (status === 'unavailable') return <NoDevice />;
  return (
    <div className="grid gap-x-12 gap-y-10 lg:grid-cols-[minmax(0,5fr)_minmax(0,6fr)]">
      <div className="min-w-0">
        {model ? (
          <LoadedModel model={model} />
        ) : (
          <h1 className="font-voice text-[1.5625rem] leading-snug">{t('models.nothing')}</h1>
        )}
        <YourModels />
        <ShippedModels />
        <LoadModel />
        <ExpertHeatMap />
        {model && <Config model={model} />}
      </div>
      {model && <ModelCard markdown={model.readme ?? ''} />}
    </div>
  );
}

function Config({ model }: { readonly model: ModelInfo }) {
  const { t } = useTranslation();
  const write = (value: unknown) => (typeof value === 'object' ? JSON.stringify(value) : String(value));
  return (
    <details className="mt-10 border-t hairline pt-5">
      <summary className="caps min-h-6">{t('models.config')}</summary>
      <dl className="mt-2 grid gap-x-10 font-mono text-xs sm:grid-cols-2">
        {Object.entries(model.settings).map(([name, value]) => (
          <Fact key={name} name={name}>
            <span className="break-all">{write(value)}</span>
          </Fact>
        ))}
      </dl>
    </details>
  );
}
