// Which model answers: the shipped ones, and the loaded one where that is another.
import { useTranslation } from 'react-i18next';
import { loadAnotherModel } from '../../state/run';
import { useSession } from '../../state/session';
import { shippedAsItCame } from '../../state/shipped';
import { useNames } from '../names';

const NO_SHIPPED = '';

export function ModelChoice({ isDisabled }: { readonly isDisabled: boolean }) {
  const { t } = useTranslation();
  const names = useNames();
  const models = useSession((session) => session.catalogue?.models) ?? [];
  const model = useSession((session) => session.model);
  const isLoading = useSession((session) => session.loading !== undefined);
  if (models.length === 0 || model === undefined) return null;
  const shipped = shippedAsItCame(model, models);
  const about = shipped && names.about(shipped.id);
  return (
    <div className="mt-3 flex flex-wrap items-center gap-x-4 gap-y-1 text-fine text-soft">
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
      {about && <span className="min-w-0">{about}</span>}
    </div>
  );
}
