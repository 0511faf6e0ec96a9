// What a model thinks may come next: a bar for each of the likeliest tokens, which may be taken by pressing it.
import { useTranslation } from 'react-i18next';
import type { StreamedToken, TokenAlternative } from '../../protocol/protocol';
import { useFormat } from '../format';

const MOST_BARS = 6;

interface TokenBarsProps {
  readonly token: StreamedToken;
  /** undefined while none can be taken. */
  readonly onChoose: ((taken: TokenAlternative) => void) | undefined;
}

export function TokenBars({ token, onChoose }: TokenBarsProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const name = (text: string) => (text === '' ? t('ask.tokenEnd') : text.trim() || t('ask.tokenSpace'));
  return (
    <ol aria-label={t('story.predictor.bars')} className="mt-3 max-w-lg">
      {token.alternatives.slice(0, MOST_BARS).map((one) => (
        <li key={one.id}>
          <button
            type="button"
            aria-disabled={!onChoose}
            onClick={() => onChoose?.(one)}
            className="grid min-h-6 w-full grid-cols-[6rem_minmax(0,1fr)_3.5rem] items-center gap-3 rounded-sm text-fine hover:bg-wash"
          >
            <span className="text-right font-mono">{name(one.text)}</span>
            <span aria-hidden className="h-3 overflow-hidden rounded-xs bg-line">
              <span className="block h-full bg-accent" style={{ width: `${100 * one.probability}%` }} />
            </span>
            <span className="text-right">{format.percent(one.probability, 1)}</span>
          </button>
        </li>
      ))}
    </ol>
  );
}
