import { rng } from '../../../lib/rng';
import { document as corpusDocument, corpusSettings } from '../../../tasks/corpus';
import { completeDifficulty } from '../../../tasks/difficulty';
import { getTask } from '../../../tasks/registry';

let drawn = 0;

/** A text of a kind that the shipped models learned from, on a problem that no training saw. */
export function heldOutText(): string {
  const task = getTask('chained_sums');
  const settings = corpusSettings({ think_share: 1, self_check_share: 0 });
  const draw = rng(drawn++, 'corpus', 0, 1);
  const { question, completion } = corpusDocument(task, completeDifficulty(task.dials, {}), settings, draw, 'held-out');
  return question + completion;
}
