// Commands about the reader's own problems.
import type { Commands } from '../../protocol/command';
import type { ProblemApi } from '../../protocol/problems';
import type { Engine } from '../engine';
import { findUnreadable } from '../problemShelf';

export const problemCommands = ({ problems: shelf, active }: Engine): Commands<ProblemApi> => ({
  problemSets: () => shelf.list(),

  keepProblemSet: (name, problems) => shelf.keep(name, problems),

  async deleteProblemSet(id) {
    await shelf.delete(id);
    return null;
  },

  unreadableCharacters: (problems) => findUnreadable(active.model.tokenizer, problems),
});
