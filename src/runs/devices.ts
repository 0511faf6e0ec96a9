// The devices that a training was done on. The same seed gives the same bits on one of them, not across them, so a training that
// goes on elsewhere says from which step on.
import * as v from 'valibot';
import type { Device } from '../device/contract';

const stretchSchema = v.object({
  /** Steps up to this one were taken before, elsewhere. */
  afterStep: v.pipe(v.number(), v.integer(), v.minValue(0)),
  kind: v.picklist(['gpu', 'cpu']),
  /** What decides its bits: its name, and of the processor the form of its instructions. */
  name: v.string(),
});

/** A stretch of a training on one device. */
export type DeviceStretch = Readonly<v.InferOutput<typeof stretchSchema>>;

export const stretchesSchema = v.array(stretchSchema);

/**
 * The stretches of a training that goes on after a step on a device. @param before as they were; none where they are
 * not known.
 */
export function goneOnWith(
  before: readonly DeviceStretch[],
  afterStep: number,
  { kind, name, cpu }: Pick<Device, 'kind' | 'name' | 'cpu'>,
): readonly DeviceStretch[] {
  const now = { afterStep, kind, name: cpu ? `${name} (${cpu.form})` : name };
  const last = before.at(-1);
  if (last?.kind === now.kind && last.name === now.name) return before;
  // On the device before not a step was taken.
  const kept = last?.afterStep === afterStep ? before.slice(0, -1) : before;
  return kept.length === before.length ? [...before, now] : goneOnWith(kept, afterStep, { kind, name, cpu });
}

/** What is to be said of a training that goes on on another device than before, in English. */
export function deviceChangeText(stretches: readonly DeviceStretch[], step: number): string | undefined {
  const [before, now] = stretches.slice(-2);
  if (!before || now?.afterStep !== step) return undefined;
  return (
    `Up to step ${step} it was computed on ${before.name}; from here on, on ${now.name}, ` +
    'its bits differ from those of a run that stays there.'
  );
}
