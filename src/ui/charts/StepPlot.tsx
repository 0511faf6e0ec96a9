// Lines over the steps of the open run. Arrow keys move the step looked at, a click fixes it; a sentence says to those who
// cannot see the lines how they went.
import { type KeyboardEvent, useRef } from 'react';
import { focusOn, useInspect } from '../../state/page/inspect';
import type { Line, LineStyle } from './plot';
import type { Quantity } from './quantity';
import { usePlot } from './usePlot';

const HEIGHT_PX = 112;

interface StepPlotProps {
  /** Id of the element that names it. */
  readonly labelledBy: string;
  readonly steps: readonly number[];
  readonly lines: readonly Line[];
  readonly styles: readonly LineStyle[];
  readonly quantity: Quantity;
  /** What it reads at the step looked at, in words. */
  readonly reading: string;
  /** How it went, in words. */
  readonly summary: string;
}

/** The step that charts read now: under the pointer, else in focus; undefined for the latest. */
export function useStepLookedAt(): number | undefined {
  return useInspect((state) => state.hoverStep ?? state.focusStep);
}

export function StepPlot(props: StepPlotProps) {
  const { labelledBy, steps, lines, styles, quantity, reading, summary } = props;
  const boxRef = useRef<HTMLDivElement>(null);
  const focusStep = useInspect((state) => state.focusStep);
  const lookedAt = useStepLookedAt();
  const first = steps[0];
  const last = steps[steps.length - 1];
  usePlot(boxRef, { steps, lines, styles, mark: focusStep, quantity, heightPx: HEIGHT_PX });

  const onKeyDown = (event: KeyboardEvent) => {
    if (first === undefined || last === undefined) return;
    const from = focusStep ?? last;
    const target = { ArrowLeft: from - 1, ArrowRight: from + 1, Home: first, End: last }[event.key];
    if (target === undefined) return;
    event.preventDefault();
    focusOn(target >= last ? undefined : Math.max(first, target));
  };
  const onClick = () => {
    const { hoverStep } = useInspect.getState();
    if (hoverStep !== undefined) focusOn(hoverStep === last ? undefined : hoverStep);
  };
  return (
    <>
      <div
        ref={boxRef}
        role="slider"
        tabIndex={0}
        aria-labelledby={labelledBy}
        aria-describedby={`${labelledBy}-summary`}
        aria-valuemin={first ?? 0}
        aria-valuemax={last ?? 0}
        aria-valuenow={lookedAt ?? last ?? 0}
        aria-valuetext={reading}
        onKeyDown={onKeyDown}
        onClick={onClick}
        className="h-28 min-w-0"
      />
      <p id={`${labelledBy}-summary`} className="sr-only">
        {summary}
      </p>
    </>
  );
}
