// Before a run that would have nothing to learn from: what was tried, what to expect, and what to do instead.
import { AlertDialog } from '@base-ui/react/alert-dialog';
import { useTranslation } from 'react-i18next';
import { wilsonInterval } from '../../lib/wilson';
import { useShelf } from '../../state/page/run';
import { useSession } from '../../state/page/session';
import { dismissDoubt, startAnyway } from '../../state/page/startRun';
import type { StartDoubt as Doubt } from '../../state/runShelf';
import { SHIPPED_TASK, TASKS_WITH_RECIPE } from '../../state/start';
import { useFormat } from '../format';
import { useTaskNames } from '../taskNames';

export function StartDoubt() {
  const doubt = useShelf((shelf) => shelf.doubt);
  return doubt && <DoubtDialog doubt={doubt} />;
}

function DoubtDialog({ doubt: { settings, start, model, trial } }: { readonly doubt: Doubt }) {
  const { t } = useTranslation();
  const format = useFormat();
  const tasks = useTaskNames();
  const loadedRuns = useSession((session) => session.model?.runs) ?? [];
  const base = useSession((session) => session.catalogue?.models[0]);
  const task = tasks.task(settings.task);
  const lastRun = start === 'loaded' ? loadedRuns.at(-1) : undefined;
  const canStartFromBase = settings.task === SHIPPED_TASK && base !== undefined && start !== base;
  const high = format.percent(wilsonInterval(trial.right, trial.problems).high);
  return (
    <AlertDialog.Root open onOpenChange={(isOpen) => !isOpen && dismissDoubt()}>
      <AlertDialog.Portal>
        <AlertDialog.Backdrop className="fixed inset-0 z-20 bg-veil" />
        <AlertDialog.Popup className="dialog max-h-[90dvh] w-[min(34rem,calc(100vw-1rem))] p-5 shadow-xl sm:p-6">
          <AlertDialog.Title className="font-voice text-xl">{t('train.doubt.title')}</AlertDialog.Title>
          <AlertDialog.Description className="mt-2">
            {t('train.doubt.none', { model, task, count: trial.problems, high })}
          </AlertDialog.Description>
          <p className="mt-2">{t('train.doubt.hopeless')}</p>
          {lastRun !== undefined && settings.task === SHIPPED_TASK && (
            <p className="mt-2">{t('train.doubt.wrecked', { name: lastRun })}</p>
          )}
          {TASKS_WITH_RECIPE.includes(settings.task) && (
            <>
              <p className="mt-2">{t('train.doubt.recipe', { known: tasks.task(SHIPPED_TASK), task })}</p>
              <pre className="mt-1 bg-wash p-3 font-mono text-xs whitespace-pre-wrap">
                npm run cli -- pipeline recipes/tasks/{settings.task}.json
              </pre>
            </>
          )}
          <div className="mt-5 flex flex-wrap gap-2">
            <AlertDialog.Close className="button button-primary">{t('train.doubt.cancel')}</AlertDialog.Close>
            {canStartFromBase && (
              <button type="button" className="button" onClick={() => void startAnyway(base.id)}>
                {t('train.doubt.fromBase', { name: base.id })}
              </button>
            )}
            <button type="button" className="button" onClick={() => void startAnyway()}>
              {t('train.doubt.anyway')}
            </button>
          </div>
        </AlertDialog.Popup>
      </AlertDialog.Portal>
    </AlertDialog.Root>
  );
}
