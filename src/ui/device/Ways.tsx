// "The same work in other instructions": one product and one decode step by every way to compute, measured here, as bars.
import { useId } from 'react';
import { useTranslation } from 'react-i18next';
import { measureWays, useWays } from '../../state/page/ways';
import { ProblemNote } from '../components/ProblemNote';
import { WayBars } from './WayBars';

const PULL_REQUEST = 'https://github.com/ggml-org/llama.cpp/pull/11453';

export function Ways() {
  const { t } = useTranslation();
  const id = useId();
  const { ways, isMeasuring, problem } = useWays();
  return (
    <section aria-labelledby={id} data-testid="ways" className="mt-10 border-t hairline pt-5">
      <h2 id={id} className="caps">
        {t('device.ways.title')}
      </h2>
      <p className="mt-1 max-w-prose">
        {t('device.ways.story')}{' '}
        <a href={PULL_REQUEST} target="_blank" rel="noopener noreferrer" className="text-fine underline">
          llama.cpp #11453
        </a>
      </p>
      <div className="mt-3 flex flex-wrap items-center gap-x-4 gap-y-2">
        <button type="button" className="button" disabled={isMeasuring} onClick={() => void measureWays()}>
          {t(isMeasuring ? 'device.ways.measuring' : 'device.ways.measure')}
        </button>
        <span className="text-fine text-soft">{t('device.ways.takes')}</span>
      </div>
      {problem && <ProblemNote problem={problem} />}
      {(isMeasuring || ways.length > 0) && (
        <div className="mt-5 grid gap-x-12 gap-y-8 md:grid-cols-2" aria-busy={isMeasuring}>
          <WayBars work="product" ways={ways} />
          <WayBars work="decode" ways={ways} />
        </div>
      )}
    </section>
  );
}
