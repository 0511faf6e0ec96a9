// Kernels of a decode step that drafts: the module for further tokens begins, and the draft is chosen. Rows are pairs.
import type { Dispatch } from '../../device/dispatch';
import { grid } from '../layout/grid';
import { rowReductionKernel } from '../layout/rowReduction';
import { inVectors } from '../layout/vectors';
import { SAMPLE_REDUCTION } from './decode';

/** What became of the draft of a token, as draft_begin.wgsl writes it: there was none, it was refused, it was accepted. */
export const DRAFT_OUTCOMES = ['none', 'refused', 'accepted'] as const;

/** y (B, width): the embedding of the token after each row; outcomes (R, T): of each place, what became of its draft. */
export function draftBegin<T>(
  s: { rows: number; width: number; tableAt: number; maxNewTokens: number },
  bindings: { live: T; places: T; rollouts: T; drafts: T; pool: T; y: T; outcomes: T },
): Dispatch<T> {
  const { constants, conditions } = inVectors({ WIDTH: s.width });
  return {
    label: 'Draft.begin',
    kernel: { shader: 'draft_begin', constants, conditions },
    params: { rows: s.rows, table_at: s.tableAt, max_new_tokens: s.maxNewTokens },
    bindings,
    workgroups: grid(s.rows * (constants.WIDTH as number)),
  };
}

/** drafts (R): the likeliest token by logits (2·rows, V) in the last row of each rollout's pair that is of account. */
export function draftChoose<T>(
  s: { rows: number; vocabulary: number },
  bindings: { settings: T; logits: T; live: T; places: T; rollouts: T; drafts: T },
): Dispatch<T> {
  return {
    label: 'Draft.choose',
    ...rowReductionKernel({ shader: 'draft_choose' }, s.rows, s.vocabulary, SAMPLE_REDUCTION),
    params: s,
    bindings,
  };
}
