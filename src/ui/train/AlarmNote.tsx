// What goes wrong in a run whose weights are still sound, in words, with a way back to the checkpoint from before it.
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { type Alarm, soundingAlarms } from '../../protocol/alarms';
import { goBackTo, useRun, useShelf } from '../../state/page/run';
import { useFormat } from '../format';

export function AlarmNote() {
  const { t } = useTranslation();
  const steps = useRun((state) => state.steps);
  const run = useRun((state) => state.run);
  const evalProblems = run?.settings.evalProblems ?? 0;
  const isKnown = run !== undefined && run.madeElsewhere === undefined;
  const alarms = useMemo(() => (isKnown ? soundingAlarms(steps, evalProblems) : []), [steps, evalProblems, isKnown]);
  if (alarms.length === 0) return null;
  return (
    <section
      aria-label={t('train.alarms')}
      className="mt-2 max-w-prose border-l-3 border-bad bg-wash px-4 py-2 text-fine"
    >
      <ul role="status" className="space-y-2">
        {alarms.map((alarm) => (
          <AlarmLine key={alarm.kind} alarm={alarm} />
        ))}
      </ul>
      <WayBack goodStep={Math.min(...alarms.map(({ goodStep }) => goodStep))} />
    </section>
  );
}

function AlarmLine({ alarm }: { readonly alarm: Alarm }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { kind, since, before, now, language = '' } = alarm;
  const isNats = kind === 'klRunaway' || kind === 'entropyCollapse';
  const figure = (value: number) => (isNats ? format.number(value, 3) : format.percent(value));
  const words = {
    since,
    before: figure(before),
    now: figure(now),
    language: language === 'zh' || language === 'en' ? t(`train.alarmLanguage.${language}`) : language,
  };
  return (
    <li>
      <b>{t(`train.alarm.${kind}.name`)}</b> {t(`train.alarm.${kind}.text`, words)}{' '}
      <span className="text-soft">{t(`train.alarm.${kind}.remedy`)}</span>
    </li>
  );
}

/** The newest checkpoint from before the trouble, where there is one. */
function WayBack({ goodStep }: { readonly goodStep: number }) {
  const { t } = useTranslation();
  const isHere = useRun((state) => state.origin === 'live');
  const savedStep = useRun((state) => state.savedStep);
  const olderStep = useRun((state) => state.olderStep);
  const isBusy = useShelf((shelf) => shelf.pending !== undefined);
  if (!isHere) return null;
  const step = [savedStep, olderStep].find((one) => one !== undefined && one <= goodStep);
  if (step === undefined) return <p className="mt-2 text-soft">{t('train.alarmNoWayBack', { step: goodStep })}</p>;
  return (
    <p className="mt-2">
      <button type="button" className="button" disabled={isBusy} onClick={() => void goBackTo(step)}>
        {t('train.goBack', { step })}
      </button>{' '}
      <span className="text-soft">{t('train.alarmWayBack')}</span>
    </p>
  );
}
