// What an answer or a training step cost, phase by phase: a phase is told by who owns the programs that ran.
import type { Profile, ProgramCost } from '../device/profile';

export type Phase = 'prefill' | 'decode' | 'scoring' | 'update' | 'optimizer' | 'other';

/** By label of a program, without its detail. */
const PHASES: Readonly<Record<string, Phase>> = {
  'Generator.prefill': 'prefill',
  'Generator.step': 'decode',
  Score: 'scoring',
  Grpo: 'update',
  Optimizer: 'optimizer',
};

/** Tokens that were worked through, by phase. */
export type PhaseTokens = Readonly<Partial<Record<Phase, number>>>;

export interface PhaseReading extends Omit<ProgramCost, 'label'> {
  readonly phase: Phase;
  readonly tokens: number;
}

export interface WorkReading extends Omit<Profile, 'programs'> {
  readonly phases: readonly PhaseReading[];
}

/** The tokens that were worked through between two counts. */
export function tokensSince(before: PhaseTokens, now: PhaseTokens): PhaseTokens {
  const since = Object.entries(now).map(([phase, count]) => [phase, count - (before[phase as Phase] ?? 0)]);
  return Object.fromEntries(since);
}

export function byPhase({ programs, ...profile }: Profile, tokens: PhaseTokens): WorkReading {
  const phases = new Map<Phase, PhaseReading>();
  for (const { label, ms, runs, dispatches, submits } of programs) {
    const phase = PHASES[label] ?? 'other';
    const before = phases.get(phase) ?? { ms: 0, runs: 0, dispatches: 0, submits: 0 };
    phases.set(phase, {
      phase,
      ms: before.ms === undefined || ms === undefined ? undefined : before.ms + ms,
      runs: before.runs + runs,
      dispatches: before.dispatches + dispatches,
      submits: before.submits + submits,
      tokens: tokens[phase] ?? 0,
    });
  }
  return { ...profile, phases: [...phases.values()] };
}

/** Floating-point operations for each weight that a token passes through, as docs/benchmarks.md counts them. */
const OPERATIONS_PER_WEIGHT: Readonly<Partial<Record<Phase, number>>> = {
  prefill: 2,
  decode: 2,
  scoring: 2,
  update: 6,
};

/** @param active parameters that a token passes through. */
export function phaseOperations({ phase, tokens }: PhaseReading, active: number): number {
  return tokens * active * (OPERATIONS_PER_WEIGHT[phase] ?? 0);
}
