// A formula of the page's own, typeset; pointing at a symbol tells of it, and the symbol told of stands out wherever it occurs.
import { useLayoutEffect, useRef } from 'react';
import { typesetOwn } from '../components/katex';
import { SCROLLABLE } from '../components/scrollable';
import { classOf, type SymbolName, symbolAt } from './symbols';

const CHOSEN = 'sym-chosen';

interface LiveFormulaProps {
  readonly tex: string;
  /** For those who reach it by keyboard. */
  readonly label: string;
  readonly chosen: SymbolName | undefined;
  readonly onChoose: (name: SymbolName) => void;
}

export function LiveFormula({ tex, label, chosen, onChoose }: LiveFormulaProps) {
  const ref = useRef<HTMLElement>(null);
  useLayoutEffect(() => {
    if (ref.current) typesetOwn(tex, ref.current);
  }, [tex]);
  // After every rendering: a formula that was typeset anew has lost its marks.
  useLayoutEffect(() => {
    for (const marked of ref.current?.querySelectorAll(`.${CHOSEN}`) ?? []) marked.classList.remove(CHOSEN);
    if (chosen === undefined) return;
    for (const place of ref.current?.querySelectorAll(`.${classOf(chosen)}`) ?? []) place.classList.add(CHOSEN);
  });
  const point = (target: EventTarget) => {
    const name = target instanceof Element ? symbolAt(target) : undefined;
    if (name) onChoose(name);
  };
  return (
    <section
      {...SCROLLABLE}
      ref={ref}
      aria-label={label}
      className="live-formula scroll-x py-2"
      onPointerOver={({ target }) => point(target)}
      onPointerDown={({ target }) => point(target)}
    />
  );
}

/** One symbol in a line of text. */
export function InlineTex({ tex }: { readonly tex: string }) {
  const ref = useRef<HTMLSpanElement>(null);
  useLayoutEffect(() => {
    if (ref.current) typesetOwn(tex, ref.current, true);
  }, [tex]);
  return <span ref={ref} />;
}
