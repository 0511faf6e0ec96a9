// Of a run that another program trained: by which, what it lacks here, and what of its files was not taken as it was.
import { useTranslation } from 'react-i18next';
import type { MadeElsewhere, RunRecord } from '../../protocol/protocol';
import { runTitle } from '../../state/runTitle';
import { useFormat } from '../format';

interface MadeElsewhereNoteProps {
  readonly run: RunRecord;
  /** Whether the run is named, where it does not stand under its name. */
  readonly isNamed?: boolean;
}

export function MadeElsewhereNote({ run, isNamed = false }: MadeElsewhereNoteProps) {
  const { t } = useTranslation();
  const remark = useRemarkText();
  const { madeElsewhere } = run;
  if (madeElsewhere === undefined) return null;
  const { told, remarks, by } = madeElsewhere;
  const count = Object.keys(told).length;
  const made = t('elsewhere.madeBy', { program: by === 'other' ? t('elsewhere.anotherProgram') : by });
  return (
    <div className="mt-2 max-w-prose border-l-3 border-accent pl-3 text-fine">
      <p className="wrap-anywhere">
        {isNamed && <b className="font-semibold">{runTitle(run)}: </b>}
        {made} {t('elsewhere.lacks')} {t(count > 0 ? 'elsewhere.told' : 'elsewhere.toldNothing', { count })}
      </p>
      {remarks.length > 0 && (
        <ul className="mt-1 list-disc pl-4 text-soft">
          {remarks.map((one) => (
            <li key={one.kind} className="wrap-anywhere">
              {remark(one)}
            </li>
          ))}
        </ul>
      )}
      {count > 0 && (
        <details className="mt-1 text-soft">
          <summary className="min-h-6 w-fit">{t('elsewhere.settings')}</summary>
          <dl className="mt-1 grid grid-cols-[auto_minmax(0,1fr)] gap-x-4">
            {Object.entries(told).map(([name, value]) => (
              <div key={name} className="contents">
                <dt className="font-mono text-xs">{name}</dt>
                <dd className="wrap-anywhere">{value}</dd>
              </div>
            ))}
          </dl>
        </details>
      )}
    </div>
  );
}

function useRemarkText(): (remark: MadeElsewhere['remarks'][number]) => string {
  const { t } = useTranslation();
  const format = useFormat();
  return (remark) => {
    switch (remark.kind) {
      case 'stepsJoined':
        return t('elsewhere.stepsJoined', { found: format.number(remark.found), stride: format.number(remark.stride) });
      case 'answersThinned':
        return t('elsewhere.answersThinned', { found: format.number(remark.found), kept: format.number(remark.kept) });
      case 'rowsLeftOut':
      case 'textsCut':
      case 'metricsLeftOut':
      case 'singlesLeftOut':
        return t(`elsewhere.${remark.kind}`, { count: remark.count });
      case 'lastLineCut':
        return t('elsewhere.lastLineCut', { names: remark.files.join(', ') });
      case 'columnsLeftOut':
        return t('elsewhere.columnsLeftOut', { names: remark.names.join(', ') });
      default:
        return t(`elsewhere.${remark.kind}`);
    }
  };
}
