// The runs kept in this browser: to open again, or to delete after asking once.
import { Suspense } from 'react';
import { useTranslation } from 'react-i18next';
import { numSteps } from '../../protocol/options';
import type { StoredRun } from '../../protocol/protocol';
import { deleteRun, openRun, useRun, useShelf } from '../../state/page/run';
import { isTraining } from '../../state/runReducer';
import { runTitle } from '../../state/runTitle';
import { AskOnce } from '../components/AskOnce';
import { Badge } from '../components/Badge';
import { lazyPart } from '../i18n/lazyPart';

const OpenRunFile = lazyPart('links', () => import('./OpenRunFile'));

export function RunList() {
  const { t } = useTranslation();
  const stored = useShelf((shelf) => shelf.stored);
  const open = useRun((state) => (state.origin === 'recorded' ? undefined : state.run));
  return (
    <section aria-labelledby="runs-title" className="mt-10 border-t hairline pt-5">
      <div className="flex min-h-8 flex-wrap items-center justify-between gap-x-4">
        <h2 id="runs-title" className="caps">
          {t('train.runs')}
        </h2>
        <Suspense>
          <OpenRunFile />
        </Suspense>
      </div>
      {stored.length === 0 && <p className="mt-2 text-fine text-soft">{t('train.runsNone')}</p>}
      <a href="#gallery" className="link mt-1 inline-block min-h-6 text-fine">
        {t('train.gallery')}
      </a>
      <ul className="mt-2">
        {stored.map((run) =>
          // The list is read now and then; the open run knows better where it is.
          run.id === open?.id ? (
            <Row key={run.id} run={{ ...run, ...open }} isOpen />
          ) : (
            <Row key={run.id} run={run} isOpen={false} />
          ),
        )}
      </ul>
    </section>
  );
}

function Row({ run, isOpen }: { readonly run: StoredRun; readonly isOpen: boolean }) {
  const { t, i18n } = useTranslation();
  const isBusy = useShelf((shelf) => shelf.pending !== undefined);
  const isRunning = useRun(isTraining);
  const openText = t(run.isElsewhere ? 'train.runLook' : 'train.runOpen');
  const date = new Intl.DateTimeFormat(i18n.language, { dateStyle: 'medium', timeStyle: 'short' });
  return (
    <li className="flex flex-wrap items-center gap-x-5 border-b border-dotted border-line py-1.5 text-fine text-soft">
      <span className={`text-sm text-ink ${isOpen ? 'font-semibold' : ''}`}>{runTitle(run)}</span>
      {run.label && <span>{run.name}</span>}
      {run.madeElsewhere && <Badge>{t('elsewhere.badge')}</Badge>}
      <span>{run.settings.preset}</span>
      <span>{t('train.runAt', { step: run.step, max: numSteps(run.settings.config) })}</span>
      {run.parents.length > 0 && (
        <span title={[run.baseModel, ...run.parents].join(' → ')}>
          {t('train.runFrom', { name: run.parents[run.parents.length - 1] })}
        </span>
      )}
      {!run.isElsewhere && !isOpen && !run.madeElsewhere && run.savedStep !== run.step && (
        <span>
          {run.savedStep === undefined ? t('train.runUnsaved') : t('train.runSaved', { step: run.savedStep })}
        </span>
      )}
      <span>
        {run.isElsewhere ? t('train.elsewhereStatus') : isOpen && isRunning ? '' : t(`train.status.${run.status}`)}
      </span>
      <span>{date.format(new Date(run.createdAt))}</span>
      {run.note && (
        <span className="max-w-64 truncate italic" title={run.note}>
          {run.note}
        </span>
      )}
      <span className="ml-auto flex gap-4">
        <button
          type="button"
          className="link min-h-6 disabled:text-soft disabled:no-underline"
          disabled={isBusy || isRunning || (isOpen && run.status !== 'failed')}
          aria-label={`${openText} ${runTitle(run)}`}
          onClick={() => void openRun(run.id)}
        >
          {openText}
        </button>
        <AskOnce
          isLink
          label={t('train.runDelete')}
          sure={t('train.runDeleteSure')}
          of={runTitle(run)}
          disabled={isBusy || run.isElsewhere || (isOpen && isRunning)}
          onConfirm={() => void deleteRun(run.id)}
        />
      </span>
    </li>
  );
}
