// Where the next run starts: chosen here, started by the button above.
import { useEffect, useId } from 'react';
import { useTranslation } from 'react-i18next';
import { loadAnotherModel, useShelf } from '../../state/page/run';
import { useSession } from '../../state/page/session';
import { chooseStart } from '../../state/page/startRun';
import { refreshYourModels } from '../../state/page/yourModels';
import { shippedAsItCame } from '../../state/shipped';
import { chosenStart, type Start, startChoices, startKey } from '../../state/start';
import { Field, Select } from './Field';

export function StartPoint() {
  const { t } = useTranslation();
  const id = useId();
  const model = useSession((session) => session.model);
  const models = useSession((session) => session.catalogue?.models) ?? [];
  const key = useShelf((shelf) => shelf.start);
  const isBusy = useShelf((shelf) => shelf.pending !== undefined);
  const all = useSession((session) => session.yours);
  useEffect(() => void refreshYourModels(), []);
  if (model === undefined) return null;
  const choices = startChoices(model, models);
  const chosen = chosenStart(model, models, key);
  const shown = chosen === 'loaded' ? (shippedAsItCame(model, models) ?? chosen) : chosen;
  const yours = all.filter(({ name }) => name !== model.name);
  // A model of the reader's own is loaded to be started from.
  const choose = (value: string) => {
    const own = yours.find((other) => other.key === value);
    if (own === undefined) return chooseStart(value);
    chooseStart(undefined);
    void loadAnotherModel(own.source);
  };
  const nameOf = (start: Start) =>
    start === 'loaded' ? t('train.asItIs', { name: model.name }) : t('train.asItCame', { name: start.id });
  return (
    <fieldset disabled={isBusy} className="min-w-0">
      <Field id={id} label={t('train.startsFrom')} help={t('train.startsFromHelp')}>
        <Select
          id={id}
          value={startKey(shown)}
          choices={[
            ...choices.map((start) => ({ value: startKey(start), text: nameOf(start) })),
            ...yours.map((own) => ({ value: own.key, text: own.name })),
          ]}
          onChange={choose}
        />
      </Field>
    </fieldset>
  );
}
