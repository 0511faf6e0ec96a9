// Who plays against the reader: both players are made here, and one of them is loaded.
import { useTranslation } from 'react-i18next';
import { writeAddress } from '../../../state/address';
import { loadCheckpoint, usePipelineDesk } from '../../../state/page/pipelineDesk';
import { useSession } from '../../../state/page/session';
import { ProblemNote } from '../../components/ProblemNote';
import { MakePlayers } from './MakePlayers';
import { type NimPlayer, PIPELINE, PLAYERS, useNimPlayers } from './useNimPlayers';

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
      <p className="mt-2 text-fine">
        <a href={writeAddress('stages')} className="link inline-block min-h-6">
          {t('nim.stages')}
        </a>
      </p>
    </section>
  );
}

function Choice({ name, isMade }: { readonly name: NimPlayer; readonly isMade: boolean }) {
  const { t } = useTranslation();
  const isLoaded = useSession(({ model }) => model?.name === `${PIPELINE}/${name}`);
  const isPending = usePipelineDesk(({ pending }) => pending !== undefined);
  return (
    <li className="flex flex-wrap items-baseline justify-between gap-x-4 gap-y-1 border-b hairline py-2">
      <span>{t(`nim.${name}`)}</span>
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
