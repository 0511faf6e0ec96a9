// The share of right answers by round, as it rises.
import { useTranslation } from 'react-i18next';
import { useFormat } from '../format';
import { WINDOW } from './session';

const [WIDTH, HEIGHT] = [320, 120];
/** The rounds that fill the width; more are drawn closer together. */
const LEAST_ROUNDS = 100;
const MOST_POINTS = 320;

export function AccuracyCurve({ accuracies }: { readonly accuracies: readonly number[] }) {
  const { t } = useTranslation();
  const format = useFormat();
  const rounds = Math.max(LEAST_ROUNDS, accuracies.length);
  const stride = Math.ceil(accuracies.length / MOST_POINTS);
  const points = accuracies
    .map((accuracy, i) => `${((i + 1) / rounds) * WIDTH},${(1 - accuracy) * HEIGHT}`)
    .filter((_, i) => i % stride === 0 || i === accuracies.length - 1);
  const last = accuracies.at(-1);
  return (
    <figure>
      <figcaption>
        <span className="flex items-baseline justify-between gap-x-3">
          <span className="font-semibold">{t('onePage.accuracy')}</span>
          <output className="text-accent">{last === undefined ? '–' : format.percent(last)}</output>
        </span>
        <span className="text-fine text-soft">{t('onePage.rounds', { count: accuracies.length })}</span>
      </figcaption>
      <div aria-hidden="true" className="mt-2 grid grid-cols-[2.75rem_minmax(0,1fr)] text-xs text-soft">
        <div className="flex flex-col justify-between pr-1.5 text-right leading-none whitespace-nowrap">
          {[1, 0.5, 0].map((share) => (
            <span key={share}>{format.percent(share)}</span>
          ))}
        </div>
        <svg
          aria-hidden="true"
          viewBox={`0 -2 ${WIDTH} ${HEIGHT + 4}`}
          preserveAspectRatio="none"
          className="h-32 w-full border-b border-l border-edge"
        >
          {[0, 0.5].map((share) => (
            <line key={share} x2={WIDTH} y1={share * HEIGHT} y2={share * HEIGHT} className="stroke-line" />
          ))}
          <polyline
            points={points.join(' ')}
            fill="none"
            strokeWidth="2"
            vectorEffect="non-scaling-stroke"
            className="stroke-accent"
          />
        </svg>
        <div className="col-start-2 mt-1 flex justify-between leading-none">
          <span>0</span>
          <span>{t('onePage.rounds', { count: rounds })}</span>
        </div>
      </div>
      <p className="mt-2 text-fine text-soft">
        {accuracies.length === 0 ? t('onePage.notYet') : t('onePage.accuracyHelp', { count: WINDOW })}
      </p>
    </figure>
  );
}
