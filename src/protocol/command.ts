// How commands of the protocol are written: as functions that give a value or throw. What is thrown becomes the answer's error.
import { describeError, SoliloquyError } from '../lib/errors';
import type { EngineApi, Result } from './protocol';

/** A command that does not fit what the engine is doing. */
export class SessionError extends SoliloquyError {
  readonly code = 'not_now';
}

/** A part of the protocol as it is written: parameters are those of the protocol, values come without `Result`. */
export type Commands<Api> = {
  [Name in keyof Api]: Api[Name] extends (...parameters: infer P) => Promise<infer A>
    ? (...parameters: P) => Value<A> | Promise<Value<A>>
    : never;
};

type Value<Answer> = [Answer] extends [Result<infer T>] ? T : Answer;

export type EngineCommands = Commands<Omit<EngineApi, 'open'>>;

/** The answer to a command. */
export async function answer<T>(command: () => Promise<T> | T): Promise<Result<T>> {
  try {
    return { ok: true, value: await command() };
  } catch (error) {
    return { ok: false, error: describeError(error) };
  }
}

/**
 * An EngineApi of `open` and one function for every other command. The compiler knows the commands' names; nothing lists them.
 */
export function apiOf(
  open: EngineApi['open'],
  run: (name: keyof EngineCommands, parameters: readonly unknown[]) => Promise<unknown>,
): EngineApi {
  return new Proxy({ open } as EngineApi, {
    get(own, name) {
      if (name === 'open') return own.open;
      // A promise would take anything with a `then` for another promise.
      if (typeof name !== 'string' || name === 'then') return undefined;
      return (...parameters: unknown[]) => run(name as keyof EngineCommands, parameters);
    },
  });
}
