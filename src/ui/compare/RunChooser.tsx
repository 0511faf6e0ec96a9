// Which runs are laid over one another: the stored ones, the open one, and the recorded one that came with the page.
import { useTranslation } from 'react-i18next';
import { numSteps } from '../../protocol/options';
import type { RunRecord } from '../../protocol/protocol';
import { MAX_COMPARED } from '../../state/comparison';
import { compareAtHand, toggleCompared, useComparison } from '../../state/page/comparison';
import { useRecordedRun } from '../../state/page/recordedRun';
import { useShelf } from '../../state/page/run';
import { runTitle } from '../../state/runTitle';
import { Badge } from '../components/Badge';
import { RunSwatch } from './RunSwatch';

export function RunChooser() {
  const { t } = useTranslation();
  const stored = useShelf((shelf) => shelf.stored);
  const recorded = useRecordedRun((state) => state.whole);
  const others = useRecordedRun((state) => state.others);
  return (
    <section aria-labelledby="compared-title">
      <h2 id="compared-title" className="caps">
        {t('runs.chosen', { count: MAX_COMPARED })}
      </h2>
      <ul className="mt-2">
        {recorded && <Choice run={recorded.run} isRecorded choose={() => compareAtHand(recorded)} />}
        {others.map((other) => (
          <Choice key={other.run.id} run={other.run} isRecorded choose={() => compareAtHand(other)} />
        ))}
        {stored.map((run) => (
          <Choice key={run.id} run={run} choose={() => void toggleCompared(run)} />
        ))}
      </ul>
      {stored.length === 0 && <p className="mt-2 text-fine text-soft">{t('train.runsNone')}</p>}
    </section>
  );
}

interface ChoiceProps {
  readonly run: RunRecord;
  readonly isRecorded?: boolean;
  readonly choose: () => void;
}

function Choice({ run, isRecorded = false, choose }: ChoiceProps) {
  const { t, i18n } = useTranslation();
  const place = useComparison(({ chosen }) => chosen.indexOf(run.id));
  const isFull = useComparison(({ chosen }) => chosen.filter((id) => id !== undefined).length >= MAX_COMPARED);
  const date = new Intl.DateTimeFormat(i18n.language, { dateStyle: 'medium', timeStyle: 'short' });
  return (
    <li className="border-b border-dotted border-line">
      <label className="flex min-h-8 flex-wrap items-center gap-x-4 gap-y-0.5 py-1.5 text-fine text-soft">
        <input type="checkbox" checked={place >= 0} disabled={place < 0 && isFull} onChange={choose} />
        <span className="text-sm text-ink">{runTitle(run)}</span>
        {run.label && <span>{run.name}</span>}
        {isRecorded && <Badge>{t('app.recorded')}</Badge>}
        {run.madeElsewhere && <Badge>{t('elsewhere.badge')}</Badge>}
        <span>{run.settings.preset}</span>
        <span>{t('train.runAt', { step: run.step, max: numSteps(run.settings.config) })}</span>
        <span>{date.format(new Date(run.createdAt))}</span>
        {run.note && (
          <span className="max-w-64 truncate italic" title={run.note}>
            {run.note}
          </span>
        )}
        {place >= 0 && (
          <span className="ml-auto">
            <RunSwatch place={place} />
          </span>
        )}
      </label>
    </li>
  );
}
