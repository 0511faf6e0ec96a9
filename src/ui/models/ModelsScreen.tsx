// The Models screen: which model is loaded and what it is made of, which experts work, and how to take or bring one.
import { type ReactNode, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { callEngine, refreshModelInfo, useSession } from '../../state/session';
import type { ModelInfo, Problem } from '../../worker/protocol';
import { NoWebGpu } from '../app/NoWebGpu';
import { ProblemNote } from '../components/ProblemNote';
import { ExpertHeatMap } from '../experts/ExpertHeatMap';
import { useFormat } from '../format';
import { saveFile } from '../saveFile';
import { FolderNotices } from './FolderNotices';
import { LoadModel } from './LoadModel';
import { ModelCard } from './ModelCard';
import { ShippedModels } from './ShippedModels';

export default function ModelsScreen() {
  const { t } = useTranslation();
  const status = useSession((session) => session.status);
  const model = useSession((session) => session.model);
  const hasModel = model !== undefined;
  useEffect(() => {
    if (hasModel) void refreshModelInfo();
  }, [hasModel]);
  if (status === 'unavailable') return <NoWebGpu />;
  return (
    <>
      <div className="grid gap-x-12 gap-y-8 md:grid-cols-2">
        <section aria-labelledby="model-title" className="min-w-0">
          <h1 id="model-title" className="font-voice text-[1.5625rem] leading-snug">
            {model ? model.name : t('models.nothing')}
          </h1>
          {model && model.notices.length > 0 && <FolderNotices notices={model.notices} />}
          {model && <Facts model={model} />}
          {model && <Download model={model} />}
        </section>
        <LoadModel />
      </div>
      <ShippedModels />
      <ExpertHeatMap />
      {model && <Config model={model} />}
      {model?.readme && <ModelCard markdown={model.readme} />}
    </>
  );
}

function Fact({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <div className="flex justify-between gap-4 border-b border-dotted border-line py-1.5">
      <dt className="text-soft">{name}</dt>
      <dd className="text-right">{children}</dd>
    </div>
  );
}

function Facts({ model }: { readonly model: ModelInfo }) {
  const { t } = useTranslation();
  const format = useFormat();
  const device = useSession((session) => session.catalogue?.device);
  return (
    <dl className="mt-3 text-sm">
      <Fact name={t('models.parameters')}>
        {format.number(model.numParameters)}
        <span className="block text-fine text-soft">
          {format.number(model.numActiveParameters)} {t('models.active')}
        </span>
      </Fact>
      <Fact name={t('models.size')}>{format.bytes(model.sizeBytes)}</Fact>
      <Fact name={t('models.gpu')}>
        {format.bytes(model.gpuBytes)}
        <span className="block text-fine text-soft">
          {t('models.gpuPeak', { peak: format.bytes(model.gpuPeakBytes) })}
        </span>
      </Fact>
      {device && (
        <Fact name={t('models.device')}>
          {device.name}
          {device.isSoftware && <span className="block text-fine text-soft">{t('models.software')}</span>}
        </Fact>
      )}
    </dl>
  );
}

function Download({ model }: { readonly model: ModelInfo }) {
  const { t } = useTranslation();
  const [isPacking, setPacking] = useState(false);
  const [problem, setProblem] = useState<Problem>();
  const download = async () => {
    setPacking(true);
    setProblem(undefined);
    const zip = await callEngine((api) => api.exportModel());
    setPacking(false);
    if (zip.ok) saveFile(zip.value, `${model.name.replace(/[^\p{L}\p{N}-]+/gu, '-')}.zip`);
    else setProblem(zip.error);
  };
  return (
    <div className="mt-4">
      <button type="button" className="button button-primary" disabled={isPacking} onClick={() => void download()}>
        {t(isPacking ? 'models.downloading' : 'models.download')}
      </button>
      <p className="mt-1 text-fine text-soft">{t('models.downloadHelp')}</p>
      {problem && <ProblemNote problem={problem} />}
    </div>
  );
}

function Config({ model }: { readonly model: ModelInfo }) {
  const { t } = useTranslation();
  const write = (value: unknown) => (typeof value === 'object' ? JSON.stringify(value) : String(value));
  return (
    <section aria-labelledby="config-title" className="mt-10 border-t hairline pt-5">
      <h2 id="config-title" className="caps">
        {t('models.config')}
      </h2>
      <dl className="mt-2 grid gap-x-10 font-mono text-xs sm:grid-cols-2 lg:grid-cols-3">
        {Object.entries(model.config).map(([name, value]) => (
          <Fact key={name} name={name}>
            <span className="break-all">{write(value)}</span>
          </Fact>
        ))}
      </dl>
    </section>
  );
}
