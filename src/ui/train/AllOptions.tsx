// Every option beyond those in the settings' column, by what they are about, in as many columns as there is room for.
import { useId } from 'react';
import { useTranslation } from 'react-i18next';
import type { RunSettings } from '../../protocol/protocol';
import { setDraft } from '../../state/page/run';
import { runSettingsSchema } from '../../state/preferences';
import { NumberInput } from '../components/NumberInput';
import { rangeOf } from '../components/numberRange';
import { Field } from './Field';
import { OptionField } from './OptionField';
import { OPTION_GROUPS } from './options';

interface AllOptionsProps {
  readonly id: string;
  readonly draft: RunSettings;
  readonly onClose: () => void;
}

const GRID = 'grid grid-cols-[repeat(auto-fill,minmax(12rem,1fr))] gap-x-8';

export function AllOptions({ id, draft, onClose }: AllOptionsProps) {
  const { t } = useTranslation();
  const fieldId = useId();
  return (
    <section id={id} aria-labelledby={`${id}-title`} className="border-y hairline py-4">
      <div className="flex items-baseline gap-4">
        <h2 id={`${id}-title`} className="caps">
          {t('train.moreOptions')}
        </h2>
        <button type="button" className="button-plain ml-auto text-fine" onClick={onClose}>
          {t('app.close')}
        </button>
      </div>
      <p className="text-fine text-soft">{t('train.moreOptionsHelp')}</p>
      <h3 className="mt-4 text-fine font-semibold">{t('train.optionGroup.measuring')}</h3>
      <div className={GRID}>
        {(['evalProblems', 'evalEvery', 'checkpointEvery'] as const).map((name) => (
          <Field key={name} id={`${fieldId}-${name}`} label={t(`train.${name}`)} help={t(`train.${name}Help`)}>
            <NumberInput
              id={`${fieldId}-${name}`}
              value={draft[name]}
              range={rangeOf(runSettingsSchema.entries[name])}
              onChange={(value) => value !== null && setDraft({ ...draft, [name]: value })}
            />
          </Field>
        ))}
      </div>
      {OPTION_GROUPS.map(({ group, options }) => (
        <div key={group}>
          <h3 className="mt-4 text-fine font-semibold">{t(`train.optionGroup.${group}`)}</h3>
          <div className={GRID}>
            {options.map((name) => (
              <OptionField key={name} name={name} value={draft.config[name]} />
            ))}
          </div>
        </div>
      ))}
    </section>
  );
}
