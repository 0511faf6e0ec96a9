// The pipeline curriculum: a base that knows the smallest problems alone, then problems of its own, larger and larger.
import type { PipelineOptions } from './pipeline';

/** By task: the sizes that are shown, those that may be asked, and what else is shown, of other tasks. */
const FIELDS = {
  chained_sums: {
    difficulty: { min_terms: 2, max_terms: 4, max_number: 3 },
    sizes: { dial: 'max_terms', least: 2, most: 10, temperature: 1.3 },
    length: 80,
    known: [],
  },
  equations: {
    difficulty: { max_coefficient: 1, max_number: 6, radicals: 0 },
    sizes: { dial: 'max_number', least: 3, most: 20, temperature: 1.4 },
    length: 40,
    // How to add is known before; what to add is what an equation asks for.
    known: [{ task: 'chained_sums', difficulty: { min_terms: 2, max_terms: 3, max_number: 20 } }],
  },
} as const;

export type CurriculumTask = keyof typeof FIELDS;
export const CURRICULUM_TASKS = Object.keys(FIELDS) as CurriculumTask[];

interface CurriculumSize {
  readonly suffix: '' | '-mini';
  readonly seedSteps: number;
  readonly steps: number;
}

const FULL: CurriculumSize = { suffix: '', seedSteps: 2000, steps: 400 };
const MINI: CurriculumSize = { suffix: '-mini', seedSteps: 400, steps: 120 };

/** Every text thinks, is right, and is in English. */
const SOLVED = { think_share: 1, languages: { en: 1, zh: 0, mixed: 0 }, self_check_share: 0 };

export function curriculum(isMini: boolean, task: CurriculumTask = 'chained_sums'): PipelineOptions {
  const { suffix, seedSteps, steps } = isMini ? MINI : FULL;
  const { difficulty, sizes, length, known } = FIELDS[task];
  return {
    name: `curriculum${suffix}`,
    summary:
      'A base that knows the smallest problems; then it writes its own, and learns from those it solves now and then.',
    task,
    difficulty: { ...difficulty },
    inputs: [],
    evaluation: { problems: 128, temperature: 1, max_completion_length: length },
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
        name: 'seed',
        summary: 'The smallest problems, solved step by step, and as many that are only asked.',
        from: 'random',
        data: [
          { kind: 'corpus', corpus: SOLVED, share: 3 },
          { kind: 'proposals', share: 1 },
          ...known.map((of) => ({ kind: 'corpus' as const, ...of, corpus: SOLVED, share: 4 })),
        ],
        training: {
          steps: seedSteps,
          tokens_per_step: 2048,
          learning_rate: 3e-3,
          lr_scheduler_type: 'linear',
          warmup_steps: 30,
          bias_speed: 0.001,
        },
      },
      {
        kind: 'grpo',
        name: 'self-taught',
        summary:
          'It asks, answers, and learns from the problems that it solves now and then; no other problem is shown.',
        from: 'seed',
        preset: 'R1-Zero',
        options: {
          num_prompts: 16,
          num_generations: 8,
          max_completion_length: length,
          max_steps: steps,
          learning_rate: 1e-4,
          lr_scheduler_type: 'constant',
          reward_weights: { accuracy: 1, learnable: 1 },
        },
        curriculum: { ...sizes },
      },
    ],
  };
}
