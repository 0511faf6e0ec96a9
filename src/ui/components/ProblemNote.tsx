// An error where it happened: what went wrong and what to do about it.
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Problem } from '../../worker/protocol';
import { useNames } from '../names';

interface ProblemNoteProps {
  readonly problem: Problem;
  /** Buttons that carry out the remedy. */
  readonly children?: ReactNode;
}

export function ProblemNote({ problem, children }: ProblemNoteProps) {
  const { t } = useTranslation();
  const translated = useNames().problem(problem.name);
  const { userMessage, remedy } = problem;
  return (
    <div role="alert" className="my-4 max-w-prose border-l-3 border-bad bg-wash px-4 py-3">
      <p className="font-semibold">{translated?.what ?? userMessage}</p>
      <p className="text-soft">{translated?.remedy ?? remedy}</p>
      {translated && <p className="mt-1 text-fine text-soft">{t('problem.detail', { message: userMessage })}</p>}
      {children && <div className="mt-3 flex flex-wrap gap-2">{children}</div>}
    </div>
  );
}
