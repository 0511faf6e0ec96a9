// A piece of text that may be mathematics: an equation is typeset by KaTeX once that has arrived, in plain type until then;
// sums stay in plain type, so that the first answer does not wait for KaTeX.
import { useEffect, useRef, useState } from 'react';
import { isArithmetic, toPlainMaths, toTex } from './typeset';

type Typesetter = typeof import('./katex').typeset;
let typesetter: Typesetter | undefined;

export function Maths({ text }: { readonly text: string }) {
  const ref = useRef<HTMLSpanElement>(null);
  const [isReady, setReady] = useState(typesetter !== undefined);
  const tex = toTex(text);
  useEffect(() => {
    if (tex === undefined || typesetter !== undefined) return;
    let isCurrent = true;
    void import('./katex').then((module) => {
      typesetter = module.typeset;
      if (isCurrent) setReady(true);
    });
    return () => {
      isCurrent = false;
    };
  }, [tex]);
  useEffect(() => {
    const element = ref.current;
    if (tex !== undefined && isReady && typesetter && element) typesetter(tex, element);
  }, [tex, isReady]);
  // KaTeX owns the children of the first span; React never puts any into it.
  if (tex !== undefined && isReady) return <span key="tex" ref={ref} />;
  return (
    <span key="plain" className={isArithmetic(text) ? 'not-italic' : undefined}>
      {toPlainMaths(text)}
    </span>
  );
}
