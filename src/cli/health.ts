// What the command line says of a run whose weights go wrong, and how it ends it.

import { cliCommand } from '../lib/shell';
import { type Ailing, ailmentText, type HealthWatch, WreckedRunError } from '../trainer/health';
import { note } from './console';
import type { RunFolder, RunKind } from './runFolder';

/**
 * Says what is wrong, if anything is. Throws WreckedRunError where the run cannot go on; only good checkpoints are left then.
 * @param isOver no step comes any more, so what is wrong stays.
 */
export async function checkHealth(
  health: HealthWatch,
  folder: RunFolder,
  kind: RunKind,
  isOver = false,
): Promise<void> {
  const { ailing } = health;
  if (!ailing) return;
  if (ailing.stepsLeft === 0 || isOver) throw await wrecked(ailing, health.goodStep, folder, kind);
  const { since, step, stepsLeft } = ailing;
  const when = since === step ? '' : ` (since step ${since})`;
  note(`step ${step}: ${ailmentText(ailing)}${when}; nothing is saved. ${stepsLeft} more like it, and the run stops.`);
}

async function wrecked(ailing: Ailing, goodStep: number, folder: RunFolder, kind: RunKind): Promise<WreckedRunError> {
  const kept = await folder.dropAfter(goodStep);
  const resume = `${cliCommand(kind, '--resume', folder.path)} --set learning_rate=…`;
  return new WreckedRunError(ailing, kept, `Go on from it with a lower learning_rate: ${resume}`);
}
