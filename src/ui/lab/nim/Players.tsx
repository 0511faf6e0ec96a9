// Who plays against the reader: both players are made here, and one of them is loaded.
import { Suspense, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { writeAddress } from '../../../state/address';
import { loadCheckpoint, usePipelineDesk } from '../../../state/page/pipelineDesk';
import { useSession } from '../../../state/page/session';
import { SMALL_NIM } from '../../../tasks/games/nimPosition';
import { teacherShare } from '../../../tasks/games/teacherShare';
import { ProblemNote } from '../../components/ProblemNote';
import { useFormat } from '../../format';
import { lazyPart } from '../../i18n/lazyPart';
import { MakePlayers } from './MakePlayers';
import { type NimPlayer, PIPELINE, PLAYERS, useNimPlayers } from './useNimPlayers';

// Its texts are of the part that shares are measured with.
const PlayerShare = lazyPart('later', () => import('./PlayerShare'));

export function Players() {
  const { t } = useTranslation();
  const { made } = useNimPlayers();
  const problem = usePipelineDesk((desk) => desk.problem);
  return (
    <section aria-labelledby="nim-players" className="border-t hairline pt-4">
      <h2 id="nim-players" className="font-voice text-lg">
        {t('nim.models')}
      </h2>
      <MakePlayers />
      {problem && <ProblemNote problem={problem} />}
      {made.length > 0 && (
        <ul className="mt-2">
          {PLAYERS.map((name) => (
            <Choice key={name} name={name} isMade={made.includes(name)} />
          ))}
        </ul>
      )}
      {made.length > 0 && <Teacher />}
      <p className="mt-2 text-fine">
        <a href={writeAddress('stages')} className="link inline-block min-h-6">
          {t('nim.stages')}
        </a>
      </p>
    </section>
  );
}

/** What the others are held against. */
function Teacher() {
  const { t } = useTranslation();
  const format = useFormat();
  const share = useMemo(() => teacherShare(SMALL_NIM), []);
  return <p className="mt-2 text-fine text-soft">{t('nim.teacherFinds', { share: format.percent(share) })}</p>;
}

function Choice({ name, isMade }: { readonly name: NimPlayer; readonly isMade: boolean }) {
  const { t } = useTranslation();
  const isLoaded = useSession(({ model }) => model?.name === `${PIPELINE}/${name}`);
  const isPending = usePipelineDesk(({ pending }) => pending !== undefined);
  const { run } = useNimPlayers();
  const evaluation = run?.done.find((done) => done.name === name)?.evaluation;
  return (
    <li className="flex flex-wrap items-baseline justify-between gap-x-4 gap-y-1 border-b hairline py-2">
      <span>
        {t(`nim.${name}`)}
        {evaluation && (
          <Suspense fallback={null}>
            <PlayerShare evaluation={evaluation} />
          </Suspense>
        )}
      </span>
      {isLoaded ? (
        <span className="text-fine text-soft">{t('nim.loaded')}</span>
      ) : (
        <button
          type="button"
          className="button"
          disabled={!isMade || isPending}
          aria-label={`${t('nim.load')}: ${t(`nim.${name}`)}`}
          onClick={() => void loadCheckpoint(PIPELINE, name)}
        >
          {t('nim.load')}
        </button>
      )}
    </li>
  );
}
