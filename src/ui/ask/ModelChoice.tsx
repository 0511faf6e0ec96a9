// Which model answers: the shipped ones, the reader's own, and the loaded one where that is another.
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { loadAnotherModel } from '../../state/page/run';
import { useSession } from '../../state/page/session';
import { shippedAsItCame } from '../../state/shipped';

const AS_IT_IS = '';

export function ModelChoice({ isDisabled }: { readonly isDisabled: boolean }) {
  const { t } = useTranslation();
  const models = useSession((session) => session.catalogue?.models) ?? [];
  const model = useSession((session) => session.model);
  const isLoading = useSession((session) => session.loading !== undefined);
  const yours = useSession((session) => session.yours);
  const shipped = model && shippedAsItCame(model, models);
  const own = shipped ? undefined : yours.find(({ name }) => name === model?.name);
  const name = model?.name;
  useEffect(() => {
    if (name !== undefined)
      void import('../../state/page/yourModels').then(({ refreshYourModels }) => refreshYourModels());
  }, [name]);
  const choose = (value: string) => {
    const source = yours.find(({ key }) => key === value)?.source ?? ({ kind: 'shipped', id: value } as const);
    void loadAnotherModel(source);
  };
  // There before the model is, so that nothing moves when it comes.
  return (
    <div className="flex h-9 items-center gap-x-4 text-fine text-soft">
      {model && models.length > 0 && (
        <>
          <label htmlFor="ask-model">{t('ask.model')}</label>
          <select
            id="ask-model"
            className="min-h-7 max-w-60 bg-paper text-fine text-ink"
            disabled={isDisabled || isLoading}
            value={shipped?.id ?? own?.key ?? AS_IT_IS}
            onChange={({ target: { value } }) => choose(value)}
          >
            {!shipped && !own && <option value={AS_IT_IS}>{model.name}</option>}
            {models.map(({ id }) => (
              <option key={id} value={id}>
                {id}
              </option>
            ))}
            {yours.map(({ key, name }) => (
              <option key={key} value={key}>
                {name}
              </option>
            ))}
          </select>
        </>
      )}
    </div>
  );
}
