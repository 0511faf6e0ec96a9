// Nim against the reader: the players are made here, by imitation and by self-play; the model's thinking stands beside its moves.
import { useTranslation } from 'react-i18next';
import { Board } from './Board';
import { Moves } from './Moves';
import { Players } from './Players';
import { StudyCharts, useStudyText } from './StudyCharts';

export default function NimScreen() {
  const { t } = useTranslation();
  const studied = useStudyText();
  return (
    <>
      <h1 className="font-voice text-[1.5625rem] leading-snug">{t('nim.title')}</h1>
      <p className="mt-1 max-w-prose text-soft">{t('nim.intro')}</p>
      <div className="mt-6 grid gap-x-12 gap-y-8 lg:grid-cols-2">
        <div className="min-w-0">
          <Players />
          <Board />
        </div>
        <Moves />
      </div>
      <section aria-labelledby="nim-recorded" className="mt-8 border-t hairline pt-4">
        <h2 id="nim-recorded" className="font-voice text-lg">
          {t('nim.recorded')}
        </h2>
        <p className="mt-1 max-w-prose text-fine text-soft">{studied}</p>
        <StudyCharts />
      </section>
    </>
  );
}
