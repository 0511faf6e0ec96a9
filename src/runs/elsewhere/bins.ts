// Values by step, however many steps there are: where they become too many, neighbouring steps share a place.

export class StepBins<T> {
  readonly #places = new Map<number, { step: number; value: T }>();
  readonly #seen = new Set<number>();
  #stride = 1;
  #found = 0;
  #last = Number.NaN;

  /**
   * @param most places that are kept, between half as many and all
   * @param join of two values in one place, the later step's second; the same step's when it comes again
   */
  constructor(
    private readonly most: number,
    private readonly join: (earlier: T, later: T) => T,
  ) {}

  /** Steps per place. */
  get stride(): number {
    return this.#stride;
  }

  /** Steps that came; one that came again, not at once, may count twice. */
  get found(): number {
    return this.#found;
  }

  get size(): number {
    return this.#places.size;
  }

  add(step: number, value: T): void {
    if (step !== this.#last && !this.#seen.has(step)) this.#found++;
    // Enough to know again the steps that a resumed run took twice.
    if (this.#seen.size < 2 * this.most) this.#seen.add(step);
    this.#last = step;
    this.#put(step, value);
    while (this.#places.size > this.most) this.widen();
  }

  /** Halves the places. */
  widen(): void {
    const before = this.inOrder();
    this.#stride *= 2;
    this.#places.clear();
    for (const { step, value } of before) this.#put(step, value);
  }

  inOrder(): readonly { readonly step: number; readonly value: T }[] {
    return [...this.#places.values()].sort((a, b) => a.step - b.step);
  }

  #put(step: number, value: T): void {
    const place = Math.ceil(step / this.#stride);
    const there = this.#places.get(place);
    const isEarlier = there !== undefined && step < there.step;
    const joined =
      there === undefined ? value : isEarlier ? this.join(value, there.value) : this.join(there.value, value);
    this.#places.set(place, { step: Math.max(step, there?.step ?? step), value: joined });
  }
}
