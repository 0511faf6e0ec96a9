// The simulated raters by name. Apart from how they compare, so that settings can name one without bringing every task along.

/** The largest size of problem that each can check: on chained_sums, the number of terms. */
export const RATERS = { pupil: 4, teacher: 6, professor: 8 } as const;
export type RaterName = keyof typeof RATERS;
export const RATER_NAMES = Object.keys(RATERS) as readonly RaterName[];
