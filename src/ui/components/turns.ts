// Work of many parts of the page, one after the other: in each frame as much as leaves the page at hand, however many there are.
import { type RefObject, useEffect, useRef, useState } from 'react';
import { flushSync } from 'react-dom';

/** Of a frame: the browser lays out and paints in what is left of it. */
const SLICE_MS = 8;
/** How far from what is seen a part is kept up to date. */
const NEAR = '100% 0px';

export class Turns {
  readonly #waiting = new Set<() => void>();
  #isDue = false;

  /** @param soon calls back once, in a task of its own. @param now in milliseconds. */
  constructor(
    private readonly soon: (slice: () => void) => void,
    private readonly now: () => number,
  ) {}

  /** Does the work when its turn has come; what is returned takes it back. */
  take(work: () => void): () => void {
    const turn = () => work();
    this.#waiting.add(turn);
    this.#call();
    return () => void this.#waiting.delete(turn);
  }

  #call(): void {
    if (this.#isDue || this.#waiting.size === 0) return;
    this.#isDue = true;
    this.soon(() => this.#slice());
  }

  #slice(): void {
    this.#isDue = false;
    const until = this.now() + SLICE_MS;
    // Who asks for another turn in its own waits for a later slice: none goes twice before all went once.
    for (const turn of [...this.#waiting]) {
      if (!this.#waiting.delete(turn)) continue;
      turn();
      if (this.now() >= until) break;
    }
    this.#call();
  }
}

export const turns = new Turns(
  (slice) => requestAnimationFrame(slice),
  () => performance.now(),
);

/** Calls back once, when the element is seen or near; what is returned takes it back. */
export function whenNear(element: Element, call: () => void): () => void {
  const observer = new IntersectionObserver(
    (entries) => {
      if (!entries.some(({ isIntersecting }) => isIntersecting)) return;
      observer.disconnect();
      call();
    },
    { rootMargin: NEAR },
  );
  observer.observe(element);
  return () => observer.disconnect();
}

/**
 * The value, each new one when it is this part's turn and the part is near what is seen: between them the latest that it took.
 * @param boxRef the part.
 */
export function useInTurn<T>(value: T, boxRef: RefObject<Element | null>): T {
  const [taken, setTaken] = useState(value);
  const latest = useRef(value);
  latest.current = value;
  const isBehind = taken !== value;
  // biome-ignore lint/correctness/useExhaustiveDependencies: having taken one value while another came, it is still behind
  useEffect(() => {
    const box = boxRef.current;
    if (!isBehind || box === null) return;
    const take = () => flushSync(() => setTaken(() => latest.current));
    let takeBack = whenNear(box, () => {
      takeBack = turns.take(take);
    });
    return () => takeBack();
  }, [isBehind, taken, boxRef]);
  return taken;
}

/** How many of a list are drawn: some more in each turn, until all are. */
export function useGrowing(total: number, atOnce: number): number {
  const [count, setCount] = useState(atOnce);
  useEffect(() => {
    if (total === 0) setCount(atOnce);
    if (count >= total) return;
    return turns.take(() => flushSync(() => setCount(count + atOnce)));
  }, [count, total, atOnce]);
  return Math.min(count, total);
}
