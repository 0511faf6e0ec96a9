// The loss types of preferred pairs under TRL's names, each told in one place. Formulas: TRL 1.13,
// trl/trainer/dpo_trainer.py, _compute_loss. Their numbers are pinned against TRL's (reference/python/make_preferences.py).

/** Numbers of the terms in shaders/loss/preference_loss.wgsl: −log σ(βm), max(0, 1 − βm), (m − 1/2β)². */
const SIGMOID = 0;
const HINGE = 1;
const IPO = 2;

export interface PreferenceLossType {
  readonly term: number;
  /** Whether an answer's score is a mean over its tokens. */
  readonly isMean: boolean;
  /** Whether label_smoothing counts. */
  readonly isSmoothed: boolean;
}

const TYPES = {
  /** DPO (arXiv 2305.18290). */
  sigmoid: { term: SIGMOID, isMean: false, isSmoothed: false },
  /** SimPO's length normalisation, against a reference. */
  sigmoid_norm: { term: SIGMOID, isMean: true, isSmoothed: false },
  /** Robust DPO (arXiv 2403.00409): some labels are thought to be swapped. */
  robust: { term: SIGMOID, isMean: false, isSmoothed: true },
  /** SLiC (arXiv 2305.10425). */
  hinge: { term: HINGE, isMean: false, isSmoothed: false },
  /** IPO (arXiv 2310.12036). */
  ipo: { term: IPO, isMean: true, isSmoothed: false },
} as const satisfies Record<string, PreferenceLossType>;

export type PreferenceLossTypeName = keyof typeof TYPES;

export const PREFERENCE_LOSS_TYPES: Readonly<Record<PreferenceLossTypeName, PreferenceLossType>> = TYPES;

export const PREFERENCE_LOSS_TYPE_NAMES = Object.keys(TYPES) as [PreferenceLossTypeName, ...PreferenceLossTypeName[]];
