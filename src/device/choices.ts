// What the engine chose on this device and why: for the device panel and the bench.

/** Why something was chosen, as data: the page says it in its reader's language. */
export type Why =
  /** A device in software has no memory of workgroups' own, which tiles live on. */
  | { readonly kind: 'software' }
  | { readonly kind: 'notMeasured' }
  /** Milliseconds by what could be chosen, fastest first; `as`: they were measured for this subject. */
  | { readonly kind: 'fastest'; readonly times: readonly (readonly [name: string, ms: number])[]; readonly as?: string }
  | { readonly kind: 'passed' }
  /** Its self-test failed. */
  | { readonly kind: 'failed'; readonly fault: string }
  /** What would have been preferred does not compile, in the device's own words. */
  | { readonly kind: 'notCompiled'; readonly name?: string; readonly fault: string };

export interface Choice {
  /** What there was to choose, e.g. `a·bᵀ of 2,048 × 192 × 64`, `subgroups in rms_norm`. */
  readonly subject: string;
  /** What was taken, e.g. `tiled 64×64×16`, `portable`. */
  readonly chosen: string;
  readonly why: Why;
  /** Why, in a few words of English with figures: `1.8 ms; rows 8×4: 3.1 ms`, `self-test failed: 0.3 for 1.2`. */
  readonly reason: string;
}

function inEnglish(why: Why): string {
  switch (why.kind) {
    case 'software':
      return 'a device in software has no memory of workgroups’ own';
    case 'notMeasured':
      return 'not measured yet';
    case 'fastest': {
      const times = why.times.map(([name, ms], place) => `${place === 0 ? '' : `${name}: `}${ms.toFixed(2)} ms`);
      return [...(why.as === undefined ? [] : [`as for ${why.as}`]), ...times].join('; ');
    }
    case 'passed':
      return 'self-test passed';
    case 'failed':
      return `self-test failed: ${why.fault}`;
    case 'notCompiled':
      return `${why.name === undefined ? '' : `${why.name} `}does not compile: ${why.fault}`;
    default:
      return why satisfies never;
  }
}

/** The choices of a device by subject; a later one of the same subject takes the earlier one's place. */
export class Choices {
  readonly #bySubject = new Map<string, Choice>();

  note(choice: Omit<Choice, 'reason'>): void {
    this.#bySubject.set(choice.subject, { ...choice, reason: inEnglish(choice.why) });
  }

  list(): readonly Choice[] {
    return [...this.#bySubject.values()];
  }
}
