// Training in FP8: what E4M3 makes of a number, and the same pretraining in float32 and in FP8, side by side.
import { useTranslation } from 'react-i18next';
import { Rounding } from './Rounding';
import { TwoTrainings } from './TwoTrainings';

export default function Fp8Screen() {
  const { t } = useTranslation();
  return (
    <>
      <h1 className="font-voice text-[1.5625rem] leading-snug">{t('fp8.title')}</h1>
      <p className="mt-1 max-w-prose text-soft">{t('fp8.intro')}</p>
      <div className="mt-6 grid gap-x-12 gap-y-10 md:grid-cols-2">
        <Rounding />
        <TwoTrainings />
      </div>
    </>
  );
}
