// What the engine chose on this device and why: for the device panel and the bench.

export interface Choice {
  /** What there was to choose, e.g. `a·bᵀ of 2,048 × 192 × 64`, `subgroups in rms_norm`. */
  readonly subject: string;
  /** What was taken, e.g. `tiled 64×64×16`, `portable`. */
  readonly chosen: string;
  /** Why, in a few words with figures: `1.8 ms; rows 8×4: 3.1 ms`, `self-test failed: 0.3 for 1.2`. */
  readonly reason: string;
}

/** The choices of a device by subject; a later one of the same subject takes the earlier one's place. */
export class Choices {
  readonly #bySubject = new Map<string, Choice>();

  note(choice: Choice): void {
    this.#bySubject.set(choice.subject, choice);
  }

  list(): readonly Choice[] {
    return [...this.#bySubject.values()];
  }
}
