// KaTeX behind a small door, in its own chunk: renders into an element, trusts nothing in the text, never throws.
import katex from 'katex';
import 'katex/dist/katex.min.css';

/** Typesets TeX into the element; text that KaTeX refuses is shown as it is. */
export function typeset(tex: string, element: HTMLElement): void {
  try {
    katex.render(tex, element, { throwOnError: false, trust: false, maxExpand: 200, maxSize: 10 });
  } catch {
    // Some hostile inputs get past throwOnError as RangeErrors.
    element.textContent = tex;
  }
}
