// The pipeline self-play: imitation of a mediocre player first, then games of the model against itself.
import type { PipelineOptions } from './pipeline';

/** How much is trained, and on how large positions. */
interface SelfPlaySize {
  readonly suffix: '' | '-mini';
  readonly difficulty: Readonly<Record<string, number>>;
  readonly imitation: number;
  readonly steps: number;
}

const LENGTH = 48;

const FULL: SelfPlaySize = {
  suffix: '',
  difficulty: { min_heaps: 1, max_heaps: 3, max_stones: 9 },
  imitation: 1200,
  steps: 300,
};

const MINI: SelfPlaySize = {
  suffix: '-mini',
  difficulty: { min_heaps: 1, max_heaps: 2, max_stones: 9 },
  imitation: 300,
  steps: 30,
};

export function selfPlay(isMini: boolean): PipelineOptions {
  const { suffix, difficulty, imitation, steps } = isMini ? MINI : FULL;
  return {
    name: `self-play${suffix}`,
    summary: 'Nim: imitation of a mediocre player, then self-play in which only winning counts (AlphaZero’s way).',
    task: 'nim',
    difficulty,
    inputs: [],
    evaluation: { problems: 128, max_completion_length: LENGTH },
    stages: [
      {
        kind: 'initialize',
        name: 'random',
        summary: 'Random weights.',
        preset: 'nano',
        model: { initializer_range: 0.02 },
      },
      {
        kind: 'sft',
        name: 'pupil',
        summary: 'Imitates the moves, and the thinking, of a player that blunders.',
        from: 'random',
        data: [{ kind: 'games' }],
        training: {
          steps: imitation,
          tokens_per_step: 1024,
          learning_rate: 4e-3,
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
          reward_weights: { won: 1, format: 0.1 },
        },
      },
    ],
  };
}
