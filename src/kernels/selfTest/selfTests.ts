// What the variants are tested with on a device before they are used.
import { type KernelSpec, kernelKey, type SelfTest } from '../../device/dispatch';
import { rowReductionTests } from './rowReduction';
import { sharedReadTests } from './sharedReads';

let kept: readonly SelfTest[] | undefined;

/** Tests of a kernel that has a variant. */
export function selfTests(spec: KernelSpec): SelfTest[] {
  kept ??= rowReductionTests();
  const { variant: _, ...portable } = spec;
  return [...kept, ...sharedReadTests(spec)].filter(
    ({ kernel: { variant: _, ...tested } }) => kernelKey(tested) === kernelKey(portable),
  );
}
