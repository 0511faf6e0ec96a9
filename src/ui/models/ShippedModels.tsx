// The models that come with the page, side by side: what each is, what it can do by its card, and a button to load it.
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import type { ShippedModel } from '../../protocol/protocol';
import { fetchCards, useCards } from '../../state/page/cards';
import { loadAnotherModel } from '../../state/page/run';
import { useSession } from '../../state/page/session';
import { shippedAsItCame } from '../../state/shipped';
import { Badge } from '../components/Badge';
import { MeasuredShare } from '../components/MeasuredShare';
import { useFindText } from '../findText';
import { useFormat } from '../format';
import { resultsOfCard } from './card';

export function ShippedModels() {
  const { t } = useTranslation();
  const catalogue = useSession((session) => session.catalogue);
  useEffect(() => {
    if (catalogue) void fetchCards(catalogue);
  }, [catalogue]);
  const models = catalogue?.models ?? [];
  const [first] = models;
  if (first === undefined) return null;
  return (
    <section aria-labelledby="shipped-title" className="mt-10 border-t hairline pt-5">
      <h2 id="shipped-title" className="caps">
        {t('models.shipped')}
      </h2>
      <p className="mt-1 text-fine text-soft">{t('models.shippedHelp', { first: first.id })}</p>
      <ul className="mt-2">
        {models.map((model) => (
          <Shipped key={model.id} model={model} />
        ))}
      </ul>
    </section>
  );
}

function Shipped({ model: { id, sizeBytes } }: { readonly model: ShippedModel }) {
  const { t } = useTranslation();
  const format = useFormat();
  const about = useFindText()('model.about', id);
  const isLoading = useSession((session) => session.loading !== undefined);
  const isLoaded = useSession(({ model, catalogue }) => shippedAsItCame(model, catalogue?.models ?? [])?.id === id);
  const { accuracy, problems, thinkingTokens } = resultsOfCard(useCards((cards) => cards[id]) ?? '');
  return (
    <li className="grid grid-cols-[minmax(0,1fr)_auto] items-center gap-x-6 gap-y-1 border-b border-dotted border-line py-3">
      <h3 className="font-voice text-lg">{id}</h3>
      <div className="order-last col-span-2">
        {about && <p>{about}</p>}
        <p className="flex flex-wrap gap-x-5 text-fine text-soft">
          {accuracy !== undefined && (
            <MeasuredShare
              share={accuracy}
              trials={problems}
              about={t('models.accuracyHelp')}
              sentence={(share) => t('models.accuracy', { share })}
            />
          )}
          {thinkingTokens !== undefined && <span>{t('models.thinks', { count: Math.round(thinkingTokens) })}</span>}
          <span>{format.bytes(sizeBytes)}</span>
        </p>
      </div>
      {isLoaded ? (
        <span className="justify-self-start">
          <Badge>{t('models.isLoaded')}</Badge>
        </span>
      ) : (
        <button
          type="button"
          className="button justify-self-start"
          disabled={isLoading}
          onClick={() => void loadAnotherModel({ kind: 'shipped', id })}
        >
          {t('models.loadNamed', { name: id })}
        </button>
      )}
    </li>
  );
}
