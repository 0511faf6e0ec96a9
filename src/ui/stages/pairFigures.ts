// What is said of a set of preferred pairs: how many, and how often the preferred answer and the other one are right.
import type { Done } from '../../protocol/protocol';
import type { useFormat } from '../format';

export function pairFigures(
  { pairs, chosen_correct, rejected_correct }: NonNullable<Done['preferences']>,
  format: ReturnType<typeof useFormat>,
) {
  return {
    pairs: format.number(pairs),
    chosen: format.percent(chosen_correct),
    rejected: format.percent(rejected_correct),
  };
}
