// The sets of problems that are kept in this browser: to train on, or to delete after asking once.
import { useTranslation } from 'react-i18next';
import { deleteProblems, useProblemSets } from '../../state/page/problemSets';
import { type ProblemSet, splitOf } from '../../tasks/own/problemSet';
import { AskOnce } from '../components/AskOnce';

interface KeptSetsProps {
  readonly onUse: (set: ProblemSet) => void;
}

export function KeptSets({ onUse }: KeptSetsProps) {
  const { t } = useTranslation();
  const sets = useProblemSets((state) => state.sets);
  if (sets === undefined) return null;
  return (
    <section aria-labelledby="kept-sets-title" className="mt-6 border-t hairline pt-4">
      <h3 id="kept-sets-title" className="caps">
        {t('problems.kept')}
      </h3>
      {sets.length === 0 && <p className="mt-1 text-fine text-soft">{t('problems.keptNone')}</p>}
      <ul>
        {sets.map((set) => (
          <Kept key={set.id} set={set} onUse={onUse} />
        ))}
      </ul>
    </section>
  );
}

function Kept({ set, onUse }: KeptSetsProps & { readonly set: ProblemSet }) {
  const { t } = useTranslation();
  return (
    <li className="flex flex-wrap items-center gap-x-5 border-b border-dotted border-line py-1.5 text-fine text-soft">
      <span className="text-sm text-ink wrap-anywhere">{set.name}</span>
      <span>{t('problems.size', { count: set.problems.length })}</span>
      <span>{t('problems.heldOut', { count: splitOf(set).heldOut })}</span>
      <span className="ml-auto flex gap-4">
        <button
          type="button"
          className="link min-h-6"
          aria-label={`${t('problems.use')}: ${set.name}`}
          onClick={() => onUse(set)}
        >
          {t('problems.use')}
        </button>
        <AskOnce
          isLink
          label={t('problems.delete')}
          sure={t('problems.deleteSure')}
          of={set.name}
          onConfirm={() => void deleteProblems(set.id)}
        />
      </span>
    </li>
  );
}
