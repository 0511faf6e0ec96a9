// No line is too long to be read beside another file.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const LONGEST = 130;
const FOLDERS = ['src', 'shaders', 'scripts', 'e2e', 'docs', 'reference'];
const TEXT = /\.(tsx?|m?js|wgsl|css|py|md)$/;
/** What cannot be broken, or is worse to read so: class names, regular expressions, tables, pictures and addresses. */
const WHOLE = /className=|^\s*(\/[^*].*\/[a-z]*[,;]?$|\||!\[|<img)|https:\/\//;

it('no line has more than 130 characters', () => {
  const paths = FOLDERS.flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((path) => join(folder, path)),
  );
  const long = [...paths, 'README.md']
    .filter((path) => TEXT.test(path))
    .flatMap((path) => {
      const lines = readFileSync(path, 'utf8').split('\n');
      return lines.flatMap((line, i) => (line.length > LONGEST && !WHOLE.test(line) ? [`${path}:${i + 1}`] : []));
    });
  expect(long).toEqual([]);
});
