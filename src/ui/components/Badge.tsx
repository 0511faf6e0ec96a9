// A word in a frame, beside what it qualifies.
import type { ReactNode } from 'react';

export function Badge({ children, title }: { readonly children: ReactNode; readonly title?: string | undefined }) {
  return (
    <span title={title} className="rounded-full border border-edge px-2 py-0.5 text-xs whitespace-nowrap text-soft">
      {children}
    </span>
  );
}
