// The moves of the game, each with what it was worth; the model's with its thinking.
import { useTranslation } from 'react-i18next';
import type { NimTurn } from '../../../state/nimGame';
import { useNimGame } from '../../../state/page/nimGame';
import { readMove, writeHeaps } from '../../../tasks/games/nim';
import { Badge } from '../../components/Badge';

export function Moves() {
  const { t } = useTranslation();
  const turns = useNimGame((game) => game.turns);
  return (
    <section aria-labelledby="nim-moves" className="min-w-0 border-t hairline pt-4">
      <h2 id="nim-moves" className="font-voice text-lg">
        {t('nim.moves')}
      </h2>
      {turns.length === 0 && <p className="mt-2 text-fine text-soft">{t('nim.noMoves')}</p>}
      <ol className="mt-2" data-testid="nim-moves">
        {turns.map((turn) => (
          // No position comes twice in a game: each move takes stones.
          <Turn key={writeHeaps(turn.heaps)} turn={turn} />
        ))}
      </ol>
    </section>
  );
}

function Turn({ turn }: { readonly turn: NimTurn }) {
  const { t } = useTranslation();
  const { by, heaps, move, thinking, isLegal, isWinning, couldWin, isHardlyTheTeachers, isUnseen } = turn;
  const read = isLegal && move !== undefined ? readMove(move) : undefined;
  const worth = isWinning ? 'nim.wins' : couldWin ? 'nim.misses' : 'nim.lost';
  return (
    <li className="border-b hairline py-3">
      <p className="flex flex-wrap items-baseline gap-x-3 gap-y-1">
        <span className="font-semibold">{t(by === 'reader' ? 'nim.you' : 'nim.model')}</span>
        <span className="text-soft">{heaps.join(', ')}</span>
        <span className="font-voice text-lg">{read ? t('nim.took', { ...read }) : t('nim.noMove')}</span>
      </p>
      {thinking !== undefined && thinking !== '' && (
        <p className="mt-1 font-voice text-sm wrap-anywhere text-soft">{thinking}</p>
      )}
      <p className="mt-1 flex flex-wrap gap-2">
        {isLegal && <Badge>{t(worth)}</Badge>}
        {by === 'model' && isUnseen && <Badge>{t('nim.unseen')}</Badge>}
        {by === 'model' && isHardlyTheTeachers && (
          <span className="rounded-full border border-accent px-2 py-0.5 text-xs text-accent">{t('nim.rare')}</span>
        )}
      </p>
    </li>
  );
}
