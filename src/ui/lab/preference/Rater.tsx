// Who prefers: the reader, or a simulated rater of a skill.
import { useId } from 'react';
import { useTranslation } from 'react-i18next';
import { RATER_NAMES, RATERS } from '../../../rewards/raters';
import { chooseRater, usePreferenceLab } from '../../../state/page/preferenceLab';

export function Rater() {
  const { t } = useTranslation();
  const group = useId();
  const chosen = usePreferenceLab(({ rater }) => rater);
  return (
    <section aria-labelledby={`${group}-title`} className="border-t hairline pt-4">
      <h2 id={`${group}-title`} className="font-voice text-lg">
        {t('rlhf.rater')}
      </h2>
      <p className="mt-1 text-fine text-soft">{t('rlhf.raterHelp')}</p>
      <fieldset className="mt-2">
        <legend className="sr-only">{t('rlhf.rater')}</legend>
        {(['you', ...RATER_NAMES] as const).map((name) => (
          <label key={name} className="flex min-h-8 cursor-pointer items-center gap-2 has-checked:font-semibold">
            <input
              type="radio"
              name={group}
              value={name}
              checked={chosen === name}
              onChange={() => chooseRater(name)}
            />
            {name === 'you' ? t('rlhf.you') : t(`rlhf.name.${name}`, { terms: RATERS[name] })}
          </label>
        ))}
      </fieldset>
    </section>
  );
}
