// How loss falls with size and data: a recorded grid of trainings with the law that it obeys, and a small one trained here.
import { useTranslation } from 'react-i18next';
import { LiveGrid } from './LiveGrid';
import { BudgetChart, LengthChart, OptimalChart, RepeatChart } from './lawCharts';
import { LawTable, RunsTable } from './lawTables';
import { fit, repeats } from './recorded';

export default function ScalingScreen() {
  const { t } = useTranslation();
  return (
    <>
      <h1 className="font-voice text-[1.5625rem] leading-snug">{t('laws.title')}</h1>
      <p className="mt-1 max-w-prose text-soft">{t('laws.intro')}</p>
      <div className="mt-7 grid gap-x-12 gap-y-10 md:grid-cols-2">
        <LengthChart />
        <BudgetChart />
        <OptimalChart />
        <RepeatChart />
      </div>
      <div className="mt-9 grid gap-x-12 gap-y-8 md:grid-cols-2">
        <section className="min-w-0">
          <h2 className="caps mb-2">{t('laws.law')}</h2>
          <LawTable fit={fit} repeats={repeats} />
          <p className="mt-3 text-soft">{t('laws.seen')}</p>
        </section>
        <LiveGrid />
      </div>
      <details className="mt-9">
        <summary className="min-h-6">{t('laws.allRuns')}</summary>
        <RunsTable />
      </details>
    </>
  );
}
