// The task mixture: problems of several tasks, in shares. A problem stays its own task's: it keeps that name, so it is on the
// same side of the split as everywhere else, and its own task thinks about it and judges it.
// A member's dial is one of the mixture's, too, by both names: `chained_sums.max_number`.
import type { Rng } from '../lib/rng';
import { completeDifficulty, DifficultyError } from './difficulty';
import type { Dial, Difficulty, Problem, Task } from './task';

/** A task of the members' problems. The dials are the members' weights, by their names, and the members' own dials. */
export function mixtureOf(members: readonly Task[]) {
  const weights = members.map(({ name, about, mixtureWeight = 1 }): Dial => {
    const label = { en: about.en.label, zh: about.zh.label };
    return { name, min: 0, max: 10, default: mixtureWeight, label };
  });
  const fine = members.flatMap((member) =>
    member.dials.map((dial): Dial => ({ ...dial, name: `${member.name}.${dial.name}`, isFine: true })),
  );
  const dials = [...weights, ...fine];

  const difficultyOf = ({ name, dials: own }: Task, settings: Difficulty): Difficulty =>
    Object.fromEntries(own.map((dial) => [dial.name, settings[`${name}.${dial.name}`] ?? dial.default]));

  const memberOf = ({ task }: Problem): Task => {
    const member = members.find(({ name }) => name === task);
    if (member === undefined) throw new Error(`the mixture has no task named ${task}`);
    return member;
  };

  const generate = (rng: Rng, difficulty: Difficulty): Problem => {
    const settings = completeDifficulty(dials, difficulty);
    let point = rng.uniform() * members.reduce((sum, { name }) => sum + (settings[name] ?? 0), 0);
    for (const member of members) {
      point -= settings[member.name] ?? 0;
      if (point < 0) return member.generate(rng, difficultyOf(member, settings));
    }
    throw new DifficultyError('Every task of the mixture has the weight 0.', 'Give at least one of them a weight.');
  };

  return {
    name: 'mixture',
    place: Number.POSITIVE_INFINITY,
    about: {
      en: { label: 'A mixture of all', knows: '{{tasks}}' },
      zh: { label: '各类混合', knows: '{{tasks}}' },
    },
    dials,
    words: [...new Set(members.flatMap(({ words }) => words))],
    characters: [...new Set(members.flatMap(({ characters }) => [...characters]))].join(''),
    examples: members.flatMap(({ examples }) => examples.slice(0, 1)),
    generate,
    isWithin(problem, difficulty) {
      const member = memberOf(problem);
      const settings = completeDifficulty(dials, difficulty);
      return (settings[member.name] ?? 0) > 0 && member.isWithin(problem, difficultyOf(member, settings));
    },
    think: (problem, style, rng) => memberOf(problem).think(problem, style, rng),
    blunder: (problem, rng) => memberOf(problem).blunder(problem, rng),
    verify: (problem, answer, sandbox) => memberOf(problem).verify(problem, answer, sandbox),
    standing(question) {
      for (const member of members) {
        const standing = member.standing(question);
        if (standing) return standing;
      }
      return undefined;
    },
    parse(question) {
      for (const member of members) {
        const problem = member.parse(question);
        if (problem) return problem;
      }
      return undefined;
    },
  } satisfies Task;
}
