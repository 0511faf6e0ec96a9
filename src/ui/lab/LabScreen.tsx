// The Lab: what can be tried, as a list of cards, or the experiment that the address names.
import { Suspense, useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { writeAddress } from '../../state/address';
import { usePart } from '../app/screens';
import { addressOf, EXPERIMENT_NAMES, type ExperimentName, findExperiment } from './experiments';

export default function LabScreen() {
  const { t } = useTranslation();
  const experiment = findExperiment(usePart());
  useEffect(() => {
    if (experiment) scrollTo(0, 0);
  }, [experiment]);
  if (!experiment) return <Experiments />;
  return (
    <>
      <p className="mb-3 text-fine">
        <a href={writeAddress('lab')} className="link inline-block min-h-6">
          {t('lab.back')}
        </a>
      </p>
      <Suspense key={experiment.name} fallback={<p className="text-soft">{t('app.loadingScreen')}</p>}>
        <experiment.Screen />
      </Suspense>
    </>
  );
}

function Experiments() {
  const { t } = useTranslation();
  return (
    <>
      <h1 className="font-voice text-[1.5625rem] leading-snug">{t('lab.title')}</h1>
      <p className="mt-1 max-w-prose text-soft">{t('lab.intro')}</p>
      <ul className="mt-5 grid gap-x-11 gap-y-8 sm:grid-cols-2 lg:grid-cols-3">
        {EXPERIMENT_NAMES.map((name) => (
          <Card key={name} name={name} />
        ))}
      </ul>
    </>
  );
}

function Card({ name }: { readonly name: ExperimentName }) {
  const { t } = useTranslation();
  return (
    <li className="border-t hairline pt-4">
      <h2 className="font-voice text-lg">
        <a href={addressOf(name)} className="link inline-block min-h-6">
          {t(`lab.${name}.title`)}
        </a>
      </h2>
      <p className="mt-1 text-soft">{t(`lab.${name}.about`)}</p>
    </li>
  );
}
