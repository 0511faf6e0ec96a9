// The reader's choice of what computes. It takes effect at once, with the model as it is; not while something trains.
import { useId } from 'react';
import { useTranslation } from 'react-i18next';
import { DEVICE_WISHES } from '../../protocol/device';
import { computeOn, useDevice } from '../../state/page/device';
import { useSession } from '../../state/page/session';
import { useTraining } from '../app/useTraining';
import { ProblemNote } from '../components/ProblemNote';

export function DeviceChoice() {
  const { t } = useTranslation();
  const group = useId();
  const help = useId();
  const changing = useDevice((state) => state.changing);
  const problem = useDevice((state) => state.changeProblem);
  const wish = useSession((session) => session.wish);
  const training = useTraining();
  return (
    <fieldset className="min-w-0 sm:w-80" disabled={training !== undefined || changing !== undefined}>
      <legend className="caps">{t('device.choose')}</legend>
      {DEVICE_WISHES.map((name) => (
        <label
          key={name}
          className="flex cursor-pointer gap-2 border-b border-dotted border-line py-1.5 has-checked:font-semibold has-disabled:cursor-default"
        >
          <input
            type="radio"
            name={group}
            className="mt-1 size-4 shrink-0 accent-accent"
            checked={(changing ?? wish) === name}
            aria-describedby={name === 'auto' ? help : undefined}
            onChange={() => void computeOn(name)}
          />
          {t(`device.wish.${name}`)}
        </label>
      ))}
      <p id={help} className="mt-1 text-fine text-soft">
        {t('device.autoHelp')}
      </p>
      <p role="status" className="mt-1 text-fine text-soft">
        {training ? t('device.chooseLater', { name: training.name }) : changing && t('device.changing')}
      </p>
      {problem && <ProblemNote problem={problem} />}
    </fieldset>
  );
}
