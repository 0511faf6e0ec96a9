// Nim against the reader: the players are made here, by imitation and by self-play; the model's thinking stands beside its moves.
import { useTranslation } from 'react-i18next';
import { Board } from './Board';
import { Moves } from './Moves';
import { Players } from './Players';

export default function NimScreen() {
  const { t } = useTranslation();
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
    </>
  );
}
