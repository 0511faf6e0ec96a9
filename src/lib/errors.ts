// The base of every error a person may read: what was found, what was needed, what to do.

/** An error with a sentence for the person (`userMessage`) and what they can do about it (`remedy`). */
export class SoliloquyError extends Error {
  readonly userMessage: string;
  readonly remedy: string;

  constructor(userMessage: string, remedy: string, options?: ErrorOptions) {
    super(`${userMessage} ${remedy}`, options);
    this.name = new.target.name;
    this.userMessage = userMessage;
    this.remedy = remedy;
  }
}

/** Wraps anything thrown into `{userMessage, remedy}`, for a boundary that can carry only plain data. */
export function describeError(error: unknown): { name: string; userMessage: string; remedy: string } {
  if (error instanceof SoliloquyError) {
    return { name: error.name, userMessage: error.userMessage, remedy: error.remedy };
  }
  const message = error instanceof Error ? error.message : String(error);
  const name = error instanceof Error ? error.name : 'Error';
  return {
    name,
    userMessage: message,
    remedy: 'This is a fault of the program. Reload, and report it with this text.',
  };
}
