// An error where it happened: what went wrong and what to do about it.
import type { ReactNode } from 'react';
import type { Problem } from '../../worker/protocol';

interface ProblemNoteProps {
  readonly problem: Problem;
  /** Buttons that carry out the remedy. */
  readonly children?: ReactNode;
}

export function ProblemNote({ problem, children }: ProblemNoteProps) {
  return (
    <div role="alert" className="my-4 max-w-prose border-l-3 border-bad bg-wash px-4 py-3">
      <p className="font-semibold">{problem.userMessage}</p>
      <p className="text-soft">{problem.remedy}</p>
      {children && <div className="mt-3 flex flex-wrap gap-2">{children}</div>}
    </div>
  );
}
