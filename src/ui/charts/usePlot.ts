// Keeps a uPlot chart inside a box, in its size, its colours and its data.
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { hoverOver } from '../../state/page/inspect';
import { turns } from '../components/turns';
import { createPlot, type Line, type LineStyle, type Plot } from './plot';
import type { Quantity } from './quantity';
import { useColorScheme } from './useColorScheme';

export interface PlotInput {
  readonly steps: readonly number[];
  readonly lines: readonly Line[];
  /** One a line; must not change their number while the chart stands. */
  readonly styles: readonly LineStyle[];
  /** The step to mark. */
  readonly mark: number | undefined;
  readonly quantity: Quantity;
  readonly heightPx: number;
}

export function usePlot(boxRef: { readonly current: HTMLDivElement | null }, input: PlotInput): void {
  const scheme = useColorScheme();
  const { language } = useTranslation().i18n;
  const plotRef = useRef<Plot>(undefined);
  const inputRef = useRef(input);
  inputRef.current = input;
  useEffect(() => {
    const box = boxRef.current;
    if (box === null) return;
    // The scheme's colours are read once, when the chart is made, and its labels written in one language.
    box.dataset.scheme = scheme;
    const resize = () => plotRef.current?.resize(box.clientWidth);
    // Many charts appear at once, and get another width at once: each in its turn.
    const observer = new ResizeObserver(() => {
      takeBack();
      takeBack = turns.take(resize);
    });
    let takeBack = turns.take(() => {
      const { styles, quantity, heightPx, steps, lines, mark } = inputRef.current;
      plotRef.current = createPlot(box, {
        width: box.clientWidth,
        height: heightPx,
        lines: styles,
        quantity,
        language,
        onHover: hoverOver,
      });
      plotRef.current.update(steps, lines);
      plotRef.current.mark(mark);
      observer.observe(box);
    });
    return () => {
      takeBack();
      observer.disconnect();
      plotRef.current?.destroy();
      plotRef.current = undefined;
    };
  }, [scheme, language, boxRef]);
  const { steps, lines, mark } = input;
  useEffect(() => {
    plotRef.current?.update(steps, lines);
  }, [steps, lines]);
  useEffect(() => turns.take(() => plotRef.current?.mark(mark)), [mark]);
}
