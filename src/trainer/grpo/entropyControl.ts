// The entropy bonus's coefficient from step to step: constant, or held near a target (Skywork-OR1, arXiv 2505.22312) as TRL 1.13
// does it (GRPOTrainer._compute_loss). What a step applies is decided by the entropy of the step before.
import type { GrpoConfig } from './grpoConfig';

type ControlOptions = Pick<
  GrpoConfig,
  | 'entropy_coef'
  | 'use_adaptive_entropy'
  | 'entropy_coef_min'
  | 'entropy_coef_max'
  | 'entropy_coef_delta'
  | 'entropy_target'
>;

/** What it remembers beside a checkpoint: plain JSON. */
export interface EntropyMemory {
  readonly coef: number;
  /** Nats a token; null before the first step. */
  readonly lastEntropy: number | null;
}

export class EntropyControl {
  #coef: number;
  #lastEntropy: number | null = null;

  constructor(private readonly options: ControlOptions) {
    this.#coef = options.entropy_coef;
  }

  /** Whether a step's coefficient depends on what the step before it found. */
  get isAdaptive(): boolean {
    return this.options.use_adaptive_entropy;
  }

  /** The coefficient as it is now, which TRL logs. */
  get coef(): number {
    return this.#coef;
  }

  /** What the next step multiplies the entropy by. */
  get applied(): number {
    if (!this.isAdaptive) return this.#coef;
    return this.#lastEntropy !== null && this.#lastEntropy <= this.options.entropy_target ? this.#coef : 0;
  }

  /** @param entropy of the tokens that an optimizer step's bonus acts on: their mean, in nats. */
  observe(entropy: number): void {
    if (!this.isAdaptive) return;
    const { entropy_target, entropy_coef_delta: delta, entropy_coef_max, entropy_coef_min } = this.options;
    this.#coef =
      entropy <= entropy_target
        ? Math.min(this.#coef + delta, entropy_coef_max)
        : Math.max(this.#coef - delta, entropy_coef_min);
    this.#lastEntropy = entropy;
  }

  get memory(): EntropyMemory {
    return { coef: this.#coef, lastEntropy: this.#lastEntropy };
  }

  restore({ coef, lastEntropy }: EntropyMemory): void {
    this.#coef = coef;
    this.#lastEntropy = lastEntropy;
  }
}
