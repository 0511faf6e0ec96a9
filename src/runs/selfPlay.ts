// The pipeline self-play: imitation of a mediocre player first, then games of the model against itself. It begins with a model
// that can calculate: what a heap leaves by four need not be learned along with the game.
import { SMALL_NIM } from '../tasks/games/nimPosition';
import type { PipelineOptions } from './pipeline';

/** How much is trained. */
interface SelfPlaySize {
  readonly suffix: '' | '-mini';
  readonly imitation: number;
  readonly steps: number;
}

const BASE = 'wide-base';
/** The thought on two heaps of two digits, and its move. */
const LENGTH = 64;

const FULL: SelfPlaySize = { suffix: '', imitation: 300, steps: 600 };
const MINI: SelfPlaySize = { suffix: '-mini', imitation: 300, steps: 200 };

export function selfPlay(isMini: boolean): PipelineOptions {
  const { suffix, imitation, steps } = isMini ? MINI : FULL;
  return {
    name: `self-play${suffix}`,
    summary: 'Nim: imitation of a mediocre player, then self-play in which only winning counts (AlphaZero’s way).',
    task: 'nim',
    difficulty: SMALL_NIM,
    inputs: [BASE],
    evaluation: { problems: 128, max_completion_length: LENGTH, temperature: 1 },
    stages: [
      {
        kind: 'sft',
        name: 'pupil',
        summary: 'Imitates the moves, and the thinking, of a player that blunders.',
        from: BASE,
        data: [{ kind: 'games' }],
        training: {
          steps: imitation,
          tokens_per_step: 2048,
          learning_rate: 3e-3,
          lr_scheduler_type: 'linear',
          warmup_steps: 30,
          bias_speed: 0.001,
        },
      },
      {
        kind: 'grpo',
        name: 'player',
        summary: 'Plays both sides against itself: a move is worth what the game that follows it brings.',
        from: 'pupil',
        preset: 'R1-Zero',
        options: {
          num_prompts: 16,
          num_generations: 8,
          max_completion_length: LENGTH,
          max_steps: steps,
          // At 4e-4, not let down, one seed of two forgot how to think.
          learning_rate: 2e-4,
          lr_scheduler_type: 'linear',
          reward_weights: { won: 1, format: 0.1 },
        },
      },
    ],
  };
}
