// What the page's own pipelines of preferences share with the ready one.
export { CLIMB, LEARNED_ALONE, TRUTH_ALONE } from '../runs/rlhf';
export type { PreferenceText } from '../trainer/preference/pairs';
