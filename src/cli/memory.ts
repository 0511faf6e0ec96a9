// Device memory in words.
import type { MemoryPlan } from '../trainer/memoryPlan';

/** Owners of less than this share are not named. */
const NAMED_SHARE = 0.03;

export const megabytes = (bytes: number) => `${(bytes / 1e6).toFixed(1)} MB`;

/** What a run will take and which of its parts take most of it, the largest first. */
export function planLine({ bytes, owners }: MemoryPlan): string {
  const named = [...owners].filter(([, part]) => part >= NAMED_SHARE * bytes).sort(([, a], [, b]) => b - a);
  const rest = named.reduce((left, [, part]) => left - part, bytes);
  const parts = [...named, ['others', rest] as const].map(([owner, part]) => `${owner} ${(part / 1e6).toFixed(1)}`);
  return `needs ${megabytes(bytes)} of device memory: ${parts.join(', ')}`;
}
