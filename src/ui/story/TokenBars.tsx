// What a model thinks may come next: a bar for each of the likeliest tokens.
import { useTranslation } from 'react-i18next';
import type { StreamedToken } from '../../protocol/protocol';
import { useFormat } from '../format';

const MOST_BARS = 6;

export function TokenBars({ token }: { readonly token: StreamedToken }) {
  const { t } = useTranslation();
  const format = useFormat();
  const name = (text: string) => (text === '' ? t('ask.tokenEnd') : text.trim() || t('ask.tokenSpace'));
  return (
    <ol aria-label={t('story.predictor.bars')} className="mt-3 max-w-lg">
      {token.alternatives.slice(0, MOST_BARS).map(({ text, probability }) => (
        <li key={text} className="grid grid-cols-[6rem_minmax(0,1fr)_3.5rem] items-center gap-3 py-0.5 text-fine">
          <span className="text-right font-mono">{name(text)}</span>
          <span aria-hidden className="h-3 overflow-hidden rounded-xs bg-line">
            <span className="block h-full bg-accent" style={{ width: `${100 * probability}%` }} />
          </span>
          <span className="text-right">{format.percent(probability, 1)}</span>
        </li>
      ))}
    </ol>
  );
}
