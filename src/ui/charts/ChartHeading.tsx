// The name of a chart, what it means, and what stands at its right.
import type { ReactNode } from 'react';
import { Hint } from '../components/Hint';
import { FigureMenu } from './FigureMenu';
import type { Figure } from './figure';

interface ChartHeadingProps {
  readonly id: string;
  readonly label: string;
  readonly help: string | undefined;
  /** What it shows, to take away as a file. */
  readonly figure: () => Figure;
  readonly children?: ReactNode;
}

export function ChartHeading({ id, label, help, figure, children }: ChartHeadingProps) {
  return (
    <div className="flex h-12 items-end gap-0.5 text-fine leading-tight text-soft md:h-6">
      <h3
        id={id}
        title={label}
        className="line-clamp-3 min-w-0 self-end text-xs leading-tight sm:text-fine md:line-clamp-1 md:leading-6 md:break-all"
      >
        {label}
      </h3>
      {help && <Hint about={label}>{help}</Hint>}
      <FigureMenu figure={figure} />
      {children}
    </div>
  );
}
