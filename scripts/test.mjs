// `npm test`: every check of the project in order, each with its own output, and one closing line that sums them up.
// `npm test -- unit gpu` runs only the named ones.
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join, relative } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { ensureChromium } from './ensureChromium.mjs';
import { ensureFirefox } from './ensureFirefox.mjs';
import { root } from './stale.mjs';

const REPORTS = join(root, 'node_modules', '.cache', `reports-${process.pid}`);

/** @typedef {{ passed: number, failed: number, skipped: number }} Counts */
/** @typedef {{ counts: Counts, failures: string[] }} Outcome failures: the name and the first words of each test that failed */
/**
 * @typedef {{ name: string, command: string[], env?: Record<string, string>, report?: () => Outcome,
 *   needsBrowser?: boolean, needs?: string }} Check
 */

/** @type {Outcome} Of a check that did not come to report. */
const NO_REPORT = { counts: { passed: 0, failed: 1, skipped: 0 }, failures: [] };

/** @param {string} name */
const reportPath = (name) => join(REPORTS, `${name}.json`);
/** @param {string} name */
const readReport = (name) => JSON.parse(readFileSync(reportPath(name), 'utf8'));

/**
 * @param {string} title
 * @param {string} [message]
 */
const failure = (title, message = '') => `${title}\n    ${stripVTControlCharacters(message).trim().split('\n', 1)[0]}`;

/**
 * @param {{ title: string, file: string, suites?: any[], specs?: any[] }} suite
 * @returns {string[]}
 */
function browserFailures({ suites = [], specs = [] }) {
  const own = specs
    .filter((spec) => !spec.ok)
    .map(({ file, title, tests }) => failure(`${file} › ${title}`, tests[0]?.results.at(-1)?.error?.message));
  return [...own, ...suites.flatMap(browserFailures)];
}

/**
 * @param {string} project
 * @param {string} projects a pattern of their names
 * @returns {Check}
 */
function vitest(project, projects = project) {
  return {
    name: project,
    command: [
      'vitest',
      'run',
      '--project',
      projects,
      '--reporter=default',
      '--reporter=json',
      `--outputFile.json=${reportPath(project)}`,
    ],
    needsBrowser: project === 'gpu',
    report: () => {
      const report = readReport(project);
      return {
        counts: {
          passed: report.numPassedTests,
          failed: report.numFailedTests,
          skipped: report.numPendingTests + report.numTodoTests,
        },
        failures: report.testResults.flatMap((/** @type {any} */ file) => {
          const name = relative(root, file.name);
          const failures = file.assertionResults
            .filter((/** @type {any} */ test) => test.status === 'failed')
            .map((/** @type {any} */ test) => failure(`${name} › ${test.fullName}`, test.failureMessages[0]));
          // A file can fail outside its tests: while it is read, or in a hook.
          return file.status === 'failed' && failures.length === 0 ? [failure(name, file.message)] : failures;
        }),
      };
    },
  };
}

/** @type {Check[]} */
const CHECKS = [
  { name: 'types', command: ['tsc', '--noEmit'] },
  { name: 'lint', command: ['biome', 'ci', '.', ...(process.stdout.isTTY ? [] : ['--colors=off'])] },
  { name: 'arrows', command: ['node', 'scripts/arrows.mjs'] },
  { name: 'dead code', command: ['knip'] },
  vitest('unit'),
  vitest('cpu', 'cpu*'),
  vitest('gpu'),
  { name: 'build', command: ['vite', 'build', '--logLevel', 'warn'] },
  { name: 'build:cli', command: ['node', 'scripts/buildCli.mjs'] },
  {
    name: 'e2e',
    command: ['playwright', 'test', '--reporter=list,json'],
    env: { PLAYWRIGHT_JSON_OUTPUT_NAME: reportPath('e2e') },
    needsBrowser: true,
    needs: 'build',
    report: () => {
      const { stats, suites } = readReport('e2e');
      const counts = { passed: stats.expected + stats.flaky, failed: stats.unexpected, skipped: stats.skipped };
      return { counts, failures: suites.flatMap(browserFailures) };
    },
  },
];

/**
 * Runs one check. One that reports no tests of its own counts as one.
 * @param {Check} check
 * @returns {Outcome}
 */
function run(check) {
  const [program = '', ...args] = check.command;
  const { status, error } = spawnSync(
    program === 'node' ? process.execPath : 'npx',
    program === 'node' ? args : ['--no-install', program, ...args],
    {
      cwd: root,
      stdio: 'inherit',
      env: { ...process.env, ...check.env },
      shell: process.platform === 'win32',
    },
  );
  if (error !== undefined) process.stdout.write(`${error.message}\n`);
  const isGreen = status === 0;
  /** @type {Outcome} */
  let outcome = { counts: { passed: isGreen ? 1 : 0, failed: 0, skipped: 0 }, failures: [] };
  try {
    outcome = check.report?.() ?? outcome;
  } catch {
    process.stdout.write(`${check.name} ended without a report.\n`);
    return NO_REPORT;
  }
  const { counts, failures } = outcome;
  // A runner can fail with every test green: an error outside a test, or no test at all.
  return isGreen ? outcome : { counts: { ...counts, failed: Math.max(counts.failed, 1) }, failures };
}

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !CHECKS.some((check) => check.name === name));
if (unknown.length > 0) {
  process.stderr.write(
    `No check named ${unknown.join(', ')}. There are: ${CHECKS.map((check) => check.name).join(', ')}.\n`,
  );
  process.exit(2);
}
const checks = CHECKS.filter((check) => wanted.length === 0 || wanted.includes(check.name));

mkdirSync(REPORTS, { recursive: true });
/** @type {(Outcome & { name: string, elapsedMs: number })[]} */
const results = [];
for (const check of checks) {
  process.stdout.write(`\n── ${check.name} ${'─'.repeat(Math.max(0, 100 - check.name.length))}\n`);
  const startedMs = Date.now();
  const isBlocked = results.some((result) => result.name === check.needs && result.counts.failed > 0);
  let outcome = NO_REPORT;
  if (isBlocked) {
    process.stdout.write(`Not run: ${check.needs} failed.\n`);
  } else {
    try {
      if (check.needsBrowser) ensureChromium();
      if (check.name === 'e2e') ensureFirefox();
      outcome = run(check);
    } catch (error) {
      process.stdout.write(`${error instanceof Error ? error.message : error}\n`);
    }
  }
  results.push({ name: check.name, ...outcome, elapsedMs: Date.now() - startedMs });
}

rmSync(REPORTS, { recursive: true });

process.stdout.write('\n');
// Above the sums, where who reads only the end finds them.
for (const { name, failures } of results) {
  for (const text of failures) process.stdout.write(`FAIL ${name} › ${text}\n`);
}
if (results.some(({ failures }) => failures.length > 0)) process.stdout.write('\n');
for (const { name, counts, elapsedMs } of results) {
  const { passed, failed, skipped } = counts;
  const mark = failed === 0 ? 'ok  ' : 'FAIL';
  const skips = skipped === 0 ? '' : `, ${skipped} skipped`;
  process.stdout.write(
    `${mark} ${name.padEnd(10)} ${passed} passed, ${failed} failed${skips} (${(elapsedMs / 1000).toFixed(1)} s)\n`,
  );
}
/** @param {keyof Counts} key */
const sum = (key) => results.reduce((total, { counts }) => total + counts[key], 0);
const skips = sum('skipped') === 0 ? '' : `, ${sum('skipped')} skipped`;
process.stdout.write(`\n${sum('passed')} passed, ${sum('failed')} failed${skips}\n`);
process.exit(sum('failed') === 0 ? 0 : 1);
