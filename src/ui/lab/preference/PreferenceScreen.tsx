// RLHF is not RL: a rater prefers, a reward is learned from that, and a model climbs it; beside it the verifier's reward.
import { Suspense } from 'react';
import { useTranslation } from 'react-i18next';
import { usePreferenceLab } from '../../../state/page/preferenceLab';
import { lazyPart } from '../../i18n/lazyPart';
import { Compare } from './Compare';
import { Rater } from './Rater';
import { RecordedCurve } from './RecordedCurve';

const Climb = lazyPart<object>('later', () => import('./Climb'));

export default function PreferenceScreen() {
  const { t } = useTranslation();
  const isReader = usePreferenceLab(({ rater }) => rater === 'you');
  return (
    <>
      <h1 className="font-voice text-[1.5625rem] leading-snug">{t('rlhf.title')}</h1>
      <p className="mt-1 max-w-prose text-soft">{t('rlhf.intro')}</p>
      <div className="mt-6 grid gap-x-12 gap-y-8 lg:grid-cols-2">
        <div className="min-w-0">
          <Rater />
          {isReader && <Compare />}
        </div>
        <Suspense>
          <Climb />
        </Suspense>
      </div>
      <RecordedCurve />
    </>
  );
}
