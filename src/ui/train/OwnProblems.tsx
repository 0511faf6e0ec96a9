// The way to train on problems of one's own: a button beside the task, and the dialog that it opens.
import { Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { lazyPart } from '../i18n/lazyPart';

const ProblemSets = lazyPart('yours', () => import('../problems/ProblemSets'));

/** @param onUse called with the name of the task that a set makes */
export function OwnProblems({ onUse }: { readonly onUse: (task: string) => void }) {
  const { t } = useTranslation();
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <button
        type="button"
        className="button-plain -ml-1 text-fine"
        aria-haspopup="dialog"
        onClick={() => setOpen(true)}
      >
        {t('train.ownProblems')}
      </button>
      {isOpen && (
        <Suspense>
          <ProblemSets
            onUse={({ id }) => {
              onUse(id);
              setOpen(false);
            }}
            onClose={() => setOpen(false)}
          />
        </Suspense>
      )}
    </>
  );
}
