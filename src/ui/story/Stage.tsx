// What is tried in a chapter: marked as live, with the button that starts it and what may be wrong with it.
import { type ReactNode, useId } from 'react';
import { useTranslation } from 'react-i18next';
import type { DescribedError } from '../../protocol/protocol';
import { useSession } from '../../state/page/session';
import { Badge } from '../components/Badge';
import { ProblemNote } from '../components/ProblemNote';

interface StageProps {
  readonly children: ReactNode;
  /** What computes. */
  readonly title: string;
  readonly problem?: DescribedError | undefined;
}

export function Stage({ title, problem, children }: StageProps) {
  const { t } = useTranslation();
  const id = useId();
  const device = useSession((session) => session.catalogue?.device.name);
  return (
    <section aria-labelledby={id} className="mt-6 border-y hairline py-5">
      <div className="mb-3 flex flex-wrap items-center gap-x-3 gap-y-1">
        <h2 id={id} className="caps mr-auto">
          {title}
        </h2>
        <Badge title={device}>{t('story.frame.live')}</Badge>
      </div>
      {children}
      {problem && <ProblemNote problem={problem} />}
    </section>
  );
}

interface StartProps {
  readonly label: string;
  readonly onStart: () => void;
  readonly isBusy: boolean;
  /** The question that comes first was answered. */
  readonly isPredicted?: boolean;
}

/** The button that starts something; what it waits for is said beside it. */
export function Start({ label, onStart, isBusy, isPredicted = true }: StartProps) {
  const { t } = useTranslation();
  const id = useId();
  const isUnavailable = useSession((session) => session.status === 'unavailable');
  return (
    <p data-busy={isBusy || undefined} className="flex flex-wrap items-center gap-x-4 gap-y-1">
      <button
        type="button"
        className="button button-primary"
        disabled={isBusy || isUnavailable || !isPredicted}
        aria-describedby={isPredicted ? undefined : id}
        onClick={onStart}
      >
        {label}
      </button>
      {!isPredicted && !isUnavailable && (
        <span id={id} className="text-fine text-soft">
          {t('story.frame.predictFirst')}
        </span>
      )}
    </p>
  );
}
