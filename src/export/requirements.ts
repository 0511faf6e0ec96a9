// requirements.txt: the versions that a job was written for.
import type { Target } from './jobRun';

const TRL = [
  'torch==2.13.0',
  'transformers==5.17.0',
  'trl==1.13.0',
  'accelerate==1.15.0',
  'datasets==5.0.1',
  'pyarrow==25.0.1',
];
export const VERL_COMMIT = 'b178a3cd5';

const PACKAGES: Readonly<Record<Target, readonly string[]>> = {
  trl: TRL,
  ray: [...TRL, 'ray[train,default]==2.58.0'],
  // Its own extra names the versions of vLLM, torch and transformers that it goes with.
  verl: [`verl[vllm] @ git+https://github.com/volcengine/verl.git@${VERL_COMMIT}`],
};

/** @param hasJavaScript a reward of the reader's own, or answers that are programs, is run by QuickJS. */
export function requirements(target: Target, hasJavaScript: boolean): string {
  return [...PACKAGES[target], ...(hasJavaScript ? ['quickjs==1.19.4'] : [])].map((line) => `${line}\n`).join('');
}
