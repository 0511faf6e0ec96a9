// A model as a player: it reads the position, thinks, and its answer is its move.
import type { SamplingOptions } from '../../engine/generateRequest';
import type { Generator } from '../../engine/generator';
import type { LanguageModel } from '../../engine/languageModel';
import { parseCompletion } from '../../tasks/completion';
import type { Player } from '../../tasks/games/referee';
import { countFitting, rolloutKey } from '../evaluation/evaluate';

/** No game has as many moves. */
const PLIES = 1024;

/** What it cost and wrote so far. */
export interface ModelPlayer extends Player {
  readonly tokens: number;
}

/** @param seed of its sampling. @param round keeps the random numbers of its games apart from other games of that seed. */
export function modelPlayer(
  model: LanguageModel,
  generator: Generator,
  sampling: SamplingOptions,
  seed: number,
  round = 0,
): ModelPlayer {
  const { tokenizer } = model;
  let tokens = 0;
  return {
    get tokens() {
      return tokens;
    },
    async choose(questions, games, ply) {
      const prompts = questions.map((question) => tokenizer.encodePrompt(question));
      const moves: (string | undefined)[] = [];
      while (moves.length < prompts.length) {
        const first = moves.length;
        const count = countFitting(prompts.slice(first), generator.capacity);
        const rollouts = await generator.generate({
          prompts: prompts.slice(first, first + count),
          members: 1,
          sampling,
          key: (group) => rolloutKey(seed, 'game', round, (games[first + group] ?? 0) * PLIES + ply),
        });
        for (const { group, tokens: written } of rollouts) {
          const isOpened = tokenizer.opensThinking(prompts[first + group] ?? []);
          moves.push(parseCompletion(tokenizer.decode(written), isOpened).answer);
          tokens += written.length;
        }
      }
      return moves;
    },
  };
}
