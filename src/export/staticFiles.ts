// The files of a job that are the same in every one, taken as they are: its Python, and what is beside it.
import type { Target } from './jobRun';

const python = import.meta.glob<string>(['./python/**/*.py', '!./python/**/test_*.py'], {
  query: '?raw',
  import: 'default',
  eager: true,
});
const others = import.meta.glob<string>('./files/*', { query: '?raw', import: 'default', eager: true });

const below = (folder: string, files: Readonly<Record<string, string>>) =>
  Object.fromEntries(Object.entries(files).map(([path, text]) => [path.slice(`./${folder}/`.length), text]));

const ALL: Readonly<Record<string, string>> = { ...below('python', python), ...below('files', others) };

/** Files that not every job has: veRL trains by itself, and Ray's script is of no use without Ray. */
const NEEDED_BY: Readonly<Record<string, readonly Target[]>> = {
  'train.py': ['trl', 'ray'],
  'job.py': ['trl', 'ray'],
  'ray_train.py': ['ray'],
  'cluster.yaml': ['ray'],
  'merge.sh': ['verl'],
};
/** Of a pipeline's stages. */
const STAGE_SCRIPTS: readonly string[] = ['sft.py', 'reject.py', 'distil.py'];

/** By their paths in a job. */
export function staticFiles(target: Target, isPipeline: boolean): Record<string, string> {
  const isWanted = (name: string) =>
    (NEEDED_BY[name]?.includes(target) ?? true) && (isPipeline || !STAGE_SCRIPTS.includes(name));
  return Object.fromEntries(Object.entries(ALL).filter(([name]) => isWanted(name)));
}
