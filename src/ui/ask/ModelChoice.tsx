// Which model answers: the shipped ones, and the loaded one where that is another.
import { useTranslation } from 'react-i18next';
import { loadAnotherModel } from '../../state/page/run';
import { useSession } from '../../state/page/session';
import { shippedAsItCame } from '../../state/shipped';

const NO_SHIPPED = '';

export function ModelChoice({ isDisabled }: { readonly isDisabled: boolean }) {
  const { t } = useTranslation();
  const models = useSession((session) => session.catalogue?.models) ?? [];
  const model = useSession((session) => session.model);
  const isLoading = useSession((session) => session.loading !== undefined);
  const shipped = model && shippedAsItCame(model, models);
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
            value={shipped?.id ?? NO_SHIPPED}
            onChange={({ target: { value } }) => void loadAnotherModel({ kind: 'shipped', id: value })}
          >
            {!shipped && <option value={NO_SHIPPED}>{model.name}</option>}
            {models.map(({ id }) => (
              <option key={id} value={id}>
                {id}
              </option>
            ))}
          </select>
        </>
      )}
    </div>
  );
}
