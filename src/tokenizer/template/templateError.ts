// Why a chat template is refused.
import { SoliloquyError } from '../../lib/errors';

/** A template that cannot be read or run: its line, what is wrong there. */
export class ChatTemplateError extends SoliloquyError {
  readonly code = 'bad_chat_template';

  constructor(
    readonly line: number,
    problem: string,
  ) {
    const remedy = 'Correct the chat template, or take it out of the folder: then the question is asked as it is.';
    super(`The chat template, line ${line}: ${problem}.`, remedy);
  }
}
