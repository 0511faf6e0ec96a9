// How texts are written: no line too long to be read beside another file, no decision without its date or at length.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const LONGEST = 130;
const FOLDERS = ['src', 'shaders', 'wasm', 'scripts', 'e2e', 'docs', 'reference'];
const TEXT = /\.(tsx?|m?js|wgsl|css|py|md)$/;
/** What cannot be broken, or is worse to read so: class names, regular expressions, tables, pictures and addresses. */
const WHOLE = /className=|^\s*(\/[^*].*\/[a-z]*[,;]?$|\||!\[|<img)|https:\/\//;

/** The places of the lines of all our texts that are so. */
function linesThat(isSo: (line: string) => boolean): string[] {
  const paths = FOLDERS.flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((path) => join(folder, path)),
  );
  return [...paths, 'README.md']
    .filter((path) => TEXT.test(path))
    .flatMap((path) => {
      const lines = readFileSync(path, 'utf8').split('\n');
      return lines.flatMap((line, i) => (isSo(line) ? [`${path}:${i + 1}`] : []));
    });
}

it('no line has more than 130 characters', () => {
  expect(linesThat((line) => line.length > LONGEST && !WHOLE.test(line))).toEqual([]);
});

it('no line is what a merge left behind, also where it is no program', () => {
  expect(linesThat((line) => /^(<{7}|={7}|>{7})( |$)/.test(line))).toEqual([]);
});

it('every decision has its date and at most eight lines', () => {
  const [, ...entries] = readFileSync('docs/decisions.md', 'utf8').split('\n## ');
  const odd = entries.filter((entry) => {
    const [, , ...lines] = entry.trimEnd().split('\n');
    return lines.length > 8 || !/^20\d\d-\d\d-\d\d\. /.test(lines[0] ?? '');
  });
  expect(odd).toEqual([]);
});
