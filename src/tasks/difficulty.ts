// Dials and their settings: defaults filled in, bounds enforced.
import { SoliloquyError } from '../lib/errors';
import type { Dial, Difficulty } from './task';

/** A difficulty that its task cannot be set to. */
export class DifficultyError extends SoliloquyError {
  readonly code = 'bad_difficulty';
}

/** Every dial's setting but of those that are fine and stand where they stand by themselves: what is worth telling. */
export function toldDifficulty(dials: readonly Dial[], difficulty: Difficulty): Difficulty {
  const complete = completeDifficulty(dials, difficulty);
  const told = dials.filter((dial) => !dial.isFine || complete[dial.name] !== dial.default);
  return Object.fromEntries(told.map(({ name }) => [name, complete[name] as number]));
}

/** Every dial's setting, defaults filled in. Throws DifficultyError on an unknown dial or a value out of bounds. */
export function completeDifficulty(dials: readonly Dial[], difficulty: Difficulty): Difficulty {
  const unknown = Object.keys(difficulty).find((name) => !dials.some((dial) => dial.name === name));
  if (unknown !== undefined) {
    const names = dials.map((dial) => dial.name).join(', ');
    throw new DifficultyError(`There is no difficulty dial named ${unknown}.`, `Use one of: ${names}.`);
  }
  return Object.fromEntries(
    dials.map(({ name, min, max, default: fallback }) => {
      const value = difficulty[name] ?? fallback;
      if (!Number.isInteger(value) || value < min || value > max) {
        throw new DifficultyError(`${name} is ${value}.`, `Choose a whole number from ${min} to ${max}.`);
      }
      return [name, value];
    }),
  );
}
