// What a file of problems holds, before anything of it is kept: what can be taken, and each line that cannot with the reason.
import { useEffect, useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { UnreadableCharacter } from '../../protocol/problems';
import { unreadableCharacters } from '../../state/page/problemSets';
import { useSession } from '../../state/page/session';
import type { BadLine, ProblemFile } from '../../tasks/own/problemFile';
import { MAX_NAME_CHARACTERS, type OwnProblem, splitOf } from '../../tasks/own/problemSet';

/** So many lines have their reason beside them; the others are named by their numbers. */
const MOST_REASONS = 200;
/** So few are shown at once, more at a press. */
const FEW_REASONS = 10;
const MOST_CHARACTERS = 12;

interface ProblemPreviewProps {
  readonly file: ProblemFile;
  readonly name: string;
  readonly onName: (name: string) => void;
  readonly onKeep: () => void;
  readonly onDrop: () => void;
}

export function ProblemPreview({ file, name, onName, onKeep, onDrop }: ProblemPreviewProps) {
  const { t } = useTranslation();
  const id = useId();
  const { problems, bad, duplicates } = file;
  const { train, heldOut } = splitOf(file);
  const count = problems.length;
  return (
    <div className="mt-4" data-testid="problem-preview">
      <p role="status" className="font-semibold">
        {count === 0 ? t('problems.goodNone') : t('problems.good', { count, train, heldOut })}
      </p>
      {count > 0 && heldOut === 0 && <p className="text-bad">{t('problems.noHeldOut')}</p>}
      {count > 0 && train === 0 && <p className="text-bad">{t('problems.noTrain')}</p>}
      {duplicates.length > 0 && (
        <p className="mt-1 text-fine text-soft">
          {t('problems.duplicates', { count: duplicates.length, lines: duplicates.join(', ') })}
        </p>
      )}
      <Unreadable problems={problems} />
      {bad.length > 0 && <BadLines bad={bad} />}
      {count > 0 && (
        <div className="mt-3 sm:w-80">
          <label htmlFor={`${id}-name`} className="text-fine text-soft">
            {t('problems.name')}
          </label>
          <input
            id={`${id}-name`}
            className="field"
            maxLength={MAX_NAME_CHARACTERS}
            placeholder={t('problems.title')}
            value={name}
            onChange={(event) => onName(event.target.value)}
          />
        </div>
      )}
      <div className="mt-4 flex flex-wrap gap-2">
        {count > 0 && (
          <button type="button" className="button button-primary" onClick={onKeep}>
            {bad.length > 0 ? t('problems.keep', { count }) : t('problems.keepAll')}
          </button>
        )}
        <button type="button" className="button" onClick={onDrop}>
          {t('problems.keepNone')}
        </button>
      </div>
    </div>
  );
}

function BadLines({ bad }: { readonly bad: readonly BadLine[] }) {
  const { t } = useTranslation();
  const more = bad.slice(MOST_REASONS).map(({ line }) => line);
  return (
    <details className="mt-2 text-fine" open={bad.length <= FEW_REASONS}>
      <summary className="min-h-6 text-bad">{t('problems.bad', { count: bad.length })}</summary>
      <ul className="border-y hairline py-1">
        {bad.slice(0, MOST_REASONS).map(({ line, fault, found, other }) => (
          <li key={line} className="flex gap-3 wrap-anywhere">
            <span className="w-24 shrink-0">{t('problems.line', { line })}</span>
            <span className="min-w-0 text-soft">{t(`problems.fault.${fault}`, { found, other })}</span>
          </li>
        ))}
        {more.length > 0 && (
          <li className="text-soft">{t('problems.badMore', { count: more.length, lines: more.join(', ') })}</li>
        )}
      </ul>
    </details>
  );
}

/** What the loaded model cannot read of the problems. */
function Unreadable({ problems }: { readonly problems: readonly OwnProblem[] }) {
  const { t } = useTranslation();
  const model = useSession((session) => session.model?.name);
  const [found, setFound] = useState<readonly UnreadableCharacter[]>([]);
  useEffect(() => {
    if (model === undefined) return;
    let isCurrent = true;
    void unreadableCharacters(problems).then((result) => {
      if (isCurrent && result.ok) setFound(result.value);
    });
    return () => {
      isCurrent = false;
    };
  }, [problems, model]);
  if (found.length === 0) return null;
  const characters = found
    .slice(0, MOST_CHARACTERS)
    .map(({ character, problems: count }) => t('problems.unreadableOne', { character: `“${character}”`, count }));
  if (found.length > MOST_CHARACTERS) characters.push('…');
  return (
    <p className="mt-2 max-w-prose border-l-3 border-bad bg-wash px-3 py-2 text-fine">
      {t('problems.unreadable', { model, characters: characters.join(', ') })}
    </p>
  );
}
