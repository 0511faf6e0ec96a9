// What a stranger's tokenizer may do with one text: so many steps, then it is ended. Counted, not timed, so that it
// ends at the same step everywhere.
import { SoliloquyError } from '../lib/errors';

/** The longest text that is read at once. */
export const MAX_CHARACTERS = 20_000;
/** The longest that it may become on its way, its pieces counted too: bytes written as letters are up to three for one. */
export const MAX_MADE_CHARACTERS = 4 * MAX_CHARACTERS;
/**
 * A step of a regular expression, or a character looked at: some 20 ns. The longest text takes half of them with the
 * expressions in use.
 */
export const MAX_STEPS = 2_000_000;

/** A text on which a tokenizer takes too long or that it makes too long; `place` is the path in tokenizer.json. */
export class TokenizerLimitError extends SoliloquyError {
  readonly code = 'tokenizer_limit';
  constructor(
    readonly place: string,
    problem: string,
  ) {
    const remedy = 'The tokenizer is damaged or was made to do harm: choose another, or a shorter text.';
    super(`tokenizer.json: ${place} ${problem}.`, remedy);
  }
}

/** Counts the steps of one call. */
export class Budget {
  #left = MAX_STEPS;

  /** Begins with another text. */
  restart(): void {
    this.#left = MAX_STEPS;
  }

  get left(): number {
    return this.#left;
  }

  /** Throws TokenizerLimitError where there are not so many steps left. */
  spend(steps: number, place: string): void {
    this.#left -= steps;
    if (this.#left < 0) throw new TokenizerLimitError(place, `takes more than ${MAX_STEPS} steps on this text`);
  }

  /** Throws TokenizerLimitError for a text that is too long. */
  checkLength(characters: number, place: string): void {
    if (characters > MAX_MADE_CHARACTERS)
      throw new TokenizerLimitError(place, `makes a text of more than ${MAX_MADE_CHARACTERS} characters`);
    this.spend(characters, place);
  }
}
