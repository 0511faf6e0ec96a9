// How a model learns to predict, live or recorded: what a token costs it by now, the curve, and what it writes.
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { StepMetrics, Written } from '../../protocol/protocol';
import { LineChart } from '../charts/LineChart';
import { useFormat } from '../format';

interface LearnedProps {
  readonly steps: readonly StepMetrics[];
  readonly written: readonly Written[];
}

const BITS = 'bits_per_token';

/** Nats as bits. */
export const bitsOf = (loss: number) => loss / Math.LN2;

export function Learned({ steps, written }: LearnedProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const inBits = useMemo(
    () => steps.map(({ step, metrics }) => ({ step, metrics: { [BITS]: bitsOf(metrics.loss ?? Number.NaN) } })),
    [steps],
  );
  const last = inBits.at(-1);
  if (!last) return null;
  const bits = format.number(last.metrics[BITS] ?? Number.NaN, 2);
  return (
    <>
      <p>{t('story.predictor.now', { step: last.step, bits })}</p>
      <LineChart metric={BITS} help={t('story.predictor.bitsHelp')} steps={inBits} smoothing={0} />
      {written.length > 0 && <Writings written={written} />}
    </>
  );
}

/** What it wrote: every time that twice as many steps were taken as the time before, and last. */
function Writings({ written }: Pick<LearnedProps, 'written'>) {
  const { t } = useTranslation();
  const shown = written.filter((_, place) => Number.isInteger(Math.log2(place + 1)) || place === written.length - 1);
  return (
    <section aria-label={t('story.predictor.writes')} className="mt-3">
      <h3 className="text-fine text-soft">
        {t('story.predictor.writes')} <span className="font-mono text-ink">{written[0]?.question}</span>
      </h3>
      <ol className="mt-1">
        {shown.map(({ step, text }) => (
          <li
            key={step}
            className="grid grid-cols-[4.5rem_minmax(0,1fr)] gap-3 border-b border-dotted border-line py-1"
          >
            <span className="text-fine text-soft">{t('story.predictor.step', { step })}</span>
            <span className="font-mono text-sm break-words">{text}</span>
          </li>
        ))}
      </ol>
    </section>
  );
}
