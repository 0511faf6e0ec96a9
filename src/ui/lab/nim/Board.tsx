// The heaps, as stones to look at and buttons to take them; who is to move, and how the game ended.
import { useTranslation } from 'react-i18next';
import { askNimAgain, beginNim, moveInNim, useNimGame } from '../../../state/page/nimGame';
import { useSession } from '../../../state/page/session';
import { MOST_TAKEN, nimSum } from '../../../tasks/games/nim';
import { SMALL_NIM } from '../../../tasks/games/nimPosition';
import { ProblemNote } from '../../components/ProblemNote';
import { PIPELINE } from './useNimPlayers';

/** Fewer are no game. */
const FEWEST_STONES = 5;

/** Heaps as the players know them, from which whoever begins can win. */
function drawHeaps(): number[] {
  const { min_heaps, max_heaps, max_stones } = SMALL_NIM;
  const draw = (least: number, most: number) => least + Math.floor(Math.random() * (most - least + 1));
  for (;;) {
    const heaps = Array.from({ length: draw(min_heaps, max_heaps) }, () => draw(FEWEST_STONES, max_stones));
    if (nimSum(heaps) !== 0) return heaps;
  }
}

export function Board() {
  const { t } = useTranslation();
  const { heaps, toMove, winner, isAsking, problem } = useNimGame();
  const isOurs = useSession(({ model }) => model?.name.startsWith(`${PIPELINE}/`) ?? false);
  const canMove = isOurs && toMove === 'reader' && !winner && !isAsking;
  const status = winner
    ? t(winner === 'reader' ? 'nim.youWon' : 'nim.modelWon')
    : t(isAsking ? 'nim.thinks' : 'nim.yourMove');
  return (
    <section aria-labelledby="nim-board" className="mt-6 border-t hairline pt-4">
      <h2 id="nim-board" className="font-voice text-lg">
        {t('nim.board')}
      </h2>
      {!isOurs && <p className="mt-1 text-fine text-soft">{t('nim.wrongModel')}</p>}
      <ul className="mt-3">
        {[...heaps.entries()].map(([place, heap]) => (
          <li key={place} className="flex flex-wrap items-center gap-x-4 gap-y-2 border-b hairline py-3">
            <Stones count={heap} />
            <span className="flex flex-wrap gap-2">
              {Array.from({ length: Math.min(MOST_TAKEN, heap) }, (_, i) => i + 1).map((taken) => (
                <button
                  key={taken}
                  type="button"
                  className="button min-w-11"
                  disabled={!canMove}
                  aria-label={t('nim.take', { taken, heap })}
                  onClick={() => void moveInNim({ heap, taken })}
                >
                  −{taken}
                </button>
              ))}
            </span>
          </li>
        ))}
      </ul>
      <p role="status" className="mt-3 min-h-6">
        {isOurs && status}
      </p>
      {problem && (
        <ProblemNote problem={problem}>
          <button type="button" className="button" onClick={() => void askNimAgain()}>
            {t('nim.askAgain')}
          </button>
        </ProblemNote>
      )}
      <p className="mt-2 flex flex-wrap gap-2">
        {(['reader', 'model'] as const).map((first) => (
          <button
            key={first}
            type="button"
            className="button"
            disabled={!isOurs || isAsking}
            onClick={() => void beginNim(drawHeaps(), first)}
          >
            {t(first === 'reader' ? 'nim.again' : 'nim.againModel')}
          </button>
        ))}
      </p>
    </section>
  );
}

function Stones({ count }: { readonly count: number }) {
  const { t } = useTranslation();
  return (
    <span role="img" aria-label={t('nim.heap', { count })} className="flex min-w-40 flex-1 basis-60 flex-wrap gap-1.5">
      {[...Array(count).keys()].map((stone) => (
        <span key={stone} aria-hidden className="size-4 rounded-full border border-edge bg-wash" />
      ))}
    </span>
  );
}
