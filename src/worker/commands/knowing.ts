// Commands about what the loaded model knows.
import type { Commands } from '../../protocol/command';
import type { KnowledgeApi } from '../../protocol/knowing';
import type { Engine } from '../engine';
import type { KnowledgeDesk } from '../knowledgeDesk';

export function knowledgeCommands(engine: Engine): Commands<KnowledgeApi> {
  let opening: Promise<KnowledgeDesk> | undefined;
  // The first answer does without its program.
  const desk = () => {
    opening ??= import('../knowledgeDesk').then(({ openKnowledgeDesk }) => openKnowledgeDesk(engine));
    return opening;
  };
  return {
    knowledge: async () => (await desk()).current(),

    measureKnowledge: async (numProblems) => (await desk()).measure(numProblems),

    stopKnowledge: async () => (await opening)?.stop(),

    async forgetKnowledge(model) {
      await (await desk()).forget(model);
      return null;
    },
  };
}
