// The files of a job that are the same in every one, taken as they are: its Python, and what is beside it.

const python = import.meta.glob<string>(['./python/**/*.py', '!./python/**/test_*.py'], {
  query: '?raw',
  import: 'default',
  eager: true,
});
const others = import.meta.glob<string>('./files/*', { query: '?raw', import: 'default', eager: true });

const below = (folder: string, files: Readonly<Record<string, string>>) =>
  Object.fromEntries(Object.entries(files).map(([path, text]) => [path.slice(`./${folder}/`.length), text]));

/** By their paths in a job. */
export const PYTHON_FILES: Readonly<Record<string, string>> = below('python', python);
export const OTHER_FILES: Readonly<Record<string, string>> = below('files', others);
