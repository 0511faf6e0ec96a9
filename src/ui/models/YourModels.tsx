// The models of the reader's own: kept under names of theirs, to load, rename and delete; and those that runs and pipelines made.
import { type FormEvent, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { KeptModel } from '../../protocol/models';
import { loadAnotherModel, useShelf } from '../../state/page/run';
import { useSession } from '../../state/page/session';
import { deleteModel, keepModel, refreshYourModels, renameModel, useKeptModels } from '../../state/page/yourModels';
import type { YourModel } from '../../state/session';
import { AskOnce } from '../components/AskOnce';
import { MeasuredShare } from '../components/MeasuredShare';
import { ProblemNote } from '../components/ProblemNote';
import { useFormat } from '../format';
import { resultsOfCard } from './card';

export function YourModels() {
  const { t } = useTranslation();
  const { kept, problem } = useKeptModels();
  const yours = useSession((session) => session.yours);
  const model = useSession((session) => session.model?.name);
  const isLoading = useSession((session) => session.loading !== undefined);
  useEffect(() => {
    void refreshYourModels();
    // A run that has come or gone is a model that has.
    return useShelf.subscribe(({ stored }, before) => {
      if (stored !== before.stored) void refreshYourModels();
    });
  }, []);
  const made = yours.filter(({ source }) => source.kind !== 'kept');
  return (
    <section aria-labelledby="yours-title" className="mt-10 border-t hairline pt-5">
      <h2 id="yours-title" className="caps">
        {t('models.yours')}
      </h2>
      <p className="mt-1 text-fine text-soft">{t('models.yoursHelp')}</p>
      {model !== undefined && (
        <button
          type="button"
          className="button mt-3"
          title={t('models.keepHelp')}
          disabled={isLoading}
          onClick={() => void keepModel(model)}
        >
          {t('models.keep')}
        </button>
      )}
      {problem && <ProblemNote problem={problem} />}
      {yours.length === 0 && <p className="mt-2 text-fine text-soft">{t('models.yoursNone')}</p>}
      <ul className="mt-2">
        {kept.map((one) => (
          <Kept key={one.id} model={one} />
        ))}
        {made.map((one) => (
          <Made key={one.key} model={one} />
        ))}
      </ul>
    </section>
  );
}

function Kept({ model: { id, name, sizeBytes, keptAt, readme } }: { readonly model: KeptModel }) {
  const { t } = useTranslation();
  const format = useFormat();
  const [typed, setTyped] = useState<string>();
  const { accuracy, problems } = resultsOfCard(readme ?? '');
  const save = async (event: FormEvent) => {
    event.preventDefault();
    if (await renameModel(id, typed ?? name)) setTyped(undefined);
  };
  return (
    <li className="border-b border-dotted border-line py-3">
      {typed === undefined ? (
        <h3 className="font-voice text-lg wrap-anywhere">{name}</h3>
      ) : (
        <form className="flex gap-2" onSubmit={(event) => void save(event)}>
          <input
            className="field flex-1"
            aria-label={t('models.rename')}
            maxLength={60}
            value={typed}
            onChange={(event) => setTyped(event.target.value)}
          />
          <button type="submit" className="button">
            {t('models.renameSave')}
          </button>
        </form>
      )}
      <div className="mt-1 flex flex-wrap items-center gap-x-5 gap-y-1 text-fine text-soft">
        {accuracy !== undefined && (
          <MeasuredShare
            share={accuracy}
            trials={problems}
            about={t('models.accuracyHelp')}
            sentence={(share) => t('models.accuracy', { share })}
          />
        )}
        <span>{format.bytes(sizeBytes)}</span>
        <span>{format.date(keptAt)}</span>
        <span className="flex gap-4 sm:ml-auto">
          <Load name={name} source={{ kind: 'kept', id }} />
          <button
            type="button"
            className="min-h-6 underline-offset-4 hover:underline"
            aria-label={`${t('models.rename')} ${name}`}
            onClick={() => setTyped(typed === undefined ? name : undefined)}
          >
            {t('models.rename')}
          </button>
          <AskOnce
            isLink
            label={t('models.delete')}
            sure={t('models.deleteSure')}
            of={name}
            onConfirm={() => void deleteModel(id)}
          />
        </span>
      </div>
    </li>
  );
}

/** A run's or a pipeline's: it is deleted where it was made. */
function Made({ model: { name, source } }: { readonly model: YourModel }) {
  const { t } = useTranslation();
  return (
    <li className="flex flex-wrap items-center gap-x-5 border-b border-dotted border-line py-2 text-fine text-soft">
      <span className="text-sm text-ink wrap-anywhere">{name}</span>
      <a href={source.kind === 'run' ? '#train' : '#stages'} className="link min-h-6">
        {t(source.kind === 'run' ? 'models.ofRun' : 'models.ofPipeline')}
      </a>
      <span className="sm:ml-auto">
        <Load name={name} source={source} />
      </span>
    </li>
  );
}

function Load({ name, source }: Pick<YourModel, 'name' | 'source'>) {
  const { t } = useTranslation();
  const isLoading = useSession((session) => session.loading !== undefined);
  const isLoaded = useSession((session) => session.model?.name === name);
  if (isLoaded) return <span>{t('models.isLoaded')}</span>;
  return (
    <button
      type="button"
      className="link min-h-6 disabled:text-soft disabled:no-underline"
      disabled={isLoading}
      aria-label={t('models.loadNamed', { name })}
      onClick={() => void loadAnotherModel(source)}
    >
      {t('models.loadNamed', { name })}
    </button>
  );
}
