// An error where it happened: what went wrong, what was found, and what to do about it.
import type { ReactNode } from 'react';
import type { DescribedError } from '../../protocol/protocol';
import { useProblemText } from '../problemText';

interface NoteProps {
  readonly what: string;
  readonly detail?: string | undefined;
  readonly remedy: string;
  /** Buttons that carry out the remedy. */
  readonly children?: ReactNode;
}

/** One that the page itself tells of, in the interface's language. */
export function Note({ what, detail, remedy, children }: NoteProps) {
  return (
    <div role="alert" className="my-4 max-w-prose border-l-3 border-bad bg-wash px-4 py-3">
      <p className="font-semibold">{what}</p>
      {detail !== undefined && <p className="wrap-anywhere">{detail}</p>}
      <p className="text-soft">{remedy}</p>
      {children && <div className="mt-3 flex flex-wrap gap-2">{children}</div>}
    </div>
  );
}

interface ProblemNoteProps {
  readonly problem: DescribedError;
  readonly children?: ReactNode;
}

/** One that the engine tells of. */
export function ProblemNote({ problem, children }: ProblemNoteProps) {
  return <Note {...useProblemText()(problem)}>{children}</Note>;
}
