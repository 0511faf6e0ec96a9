// The loaded model at a glance: where it comes from, what it can do by its own record, what it is made of, and what to
// do with it.
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { DescribedError, DeviceInfo, ModelInfo } from '../../protocol/protocol';
import { callEngine, useSession } from '../../state/page/session';
import { MeasuredShare } from '../components/MeasuredShare';
import { ProblemNote } from '../components/ProblemNote';
import { StorageNote } from '../components/StorageNote';
import { useFormat } from '../format';
import { saveFile } from '../saveFile';
import { resultsOfCard } from './card';
import { FolderNotices } from './FolderNotices';

export function LoadedModel({ model }: { readonly model: ModelInfo }) {
  return (
    <section aria-labelledby="model-title" className="min-w-0">
      <h1 id="model-title" className="font-voice text-[1.5625rem] leading-snug break-words">
        {model.name}
      </h1>
      <Lineage model={model} />
      {model.notices.length > 0 && <FolderNotices notices={model.notices} />}
      <Facts model={model} />
      <Actions model={model} />
      <StorageNote />
    </section>
  );
}

/** The runs that made it, from the model that the line began with. */
function Lineage({ model: { baseModel, runs, readme } }: { readonly model: ModelInfo }) {
  const { t } = useTranslation();
  const parent = readme === undefined ? undefined : resultsOfCard(readme).baseModel;
  const line = runs.length > 0 ? [baseModel, ...runs] : parent === undefined ? [] : [parent, baseModel];
  if (line.length === 0) return null;
  return (
    <ol aria-label={t('models.lineage')} className="mt-1 flex flex-wrap text-sm text-soft">
      {[...line.entries()].map(([place, name]) => (
        <li key={place} className="break-all">
          {place > 0 && (
            <span aria-hidden className="px-2">
              →
            </span>
          )}
          {name}
        </li>
      ))}
    </ol>
  );
}

/** A name and what there is to say of it, in a list of such. */
export function Fact({ name, children }: { readonly name: string; readonly children: ReactNode }) {
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
  const results = resultsOfCard(model.readme ?? '');
  const { accuracy, problems, thinkingTokens, temperature, measuredAt, steps, baseModel } = results;
  return (
    <dl className="mt-3 text-sm">
      {accuracy !== undefined && (
        <Fact name={t('models.rightAnswers')}>
          <MeasuredShare share={accuracy} trials={problems} about={t('models.accuracyHelp')} />
          <Age measuredAt={measuredAt} parent={baseModel ?? model.baseModel} />
        </Fact>
      )}
      {thinkingTokens !== undefined && (
        <Fact name={t('models.thinking')}>
          {format.number(thinkingTokens, 1)}
          {temperature !== undefined && (
            <span className="block text-fine text-soft">{t('models.sampledAt', { temperature })}</span>
          )}
          <Age measuredAt={measuredAt} parent={baseModel ?? model.baseModel} />
        </Fact>
      )}
      {steps !== undefined && <Fact name={t('models.steps')}>{steps}</Fact>}
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
      {device && <DeviceFact device={device} />}
    </dl>
  );
}

function DeviceFact({ device: { name, isSoftware, cpu } }: { readonly device: DeviceInfo }) {
  const { t } = useTranslation();
  const how = cpu ? t('models.cpu', { count: cpu.threads }) : isSoftware ? t('models.software') : undefined;
  return (
    <Fact name={t('models.device')}>
      {cpu ? t('device.cpu') : name}
      {how && <span className="block text-fine text-soft">{how}</span>}
    </Fact>
  );
}

/** That a figure is older than the weights: of which step, or of the model that training started from. */
function Age({ measuredAt, parent }: { readonly measuredAt: number | undefined; readonly parent: string }) {
  const { t } = useTranslation();
  if (measuredAt === undefined) return null;
  return (
    <span className="block text-fine text-soft">
      {measuredAt === 0 ? t('models.measuredBefore', { name: parent }) : t('models.measuredAt', { step: measuredAt })}
    </span>
  );
}

function Actions({ model }: { readonly model: ModelInfo }) {
  const { t } = useTranslation();
  const [isPacking, setPacking] = useState(false);
  const [problem, setProblem] = useState<DescribedError>();
  const download = async (form?: 'fp8') => {
    setPacking(true);
    setProblem(undefined);
    const zip = await callEngine((api) => api.exportModel(form));
    setPacking(false);
    if (zip.ok) saveFile(zip.value, `${model.name.replace(/[^\p{L}\p{N}-]+/gu, '-')}.zip`);
    else setProblem(zip.error);
  };
  return (
    <div className="mt-4">
      <div className="flex flex-wrap gap-2">
        <button type="button" className="button button-primary" disabled={isPacking} onClick={() => void download()}>
          {t(isPacking ? 'models.downloading' : 'models.download')}
        </button>
        <button type="button" className="button" disabled={isPacking} onClick={() => void download('fp8')}>
          {t('models.saveFp8')}
        </button>
        <a className="button" href="#ask">
          {t('models.askIt')}
        </a>
      </div>
      <p className="mt-1 text-fine text-soft">{t('models.downloadHelp')}</p>
      {problem && <ProblemNote problem={problem} />}
    </div>
  );
}
