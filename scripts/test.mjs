// `npm test`: every check of the project in order, each with its own output, and one closing line that sums them up. Checks that
// keep one core busy each run side by side; their output comes in order all the same.
// `npm test -- unit gpu` runs only the named ones.
import { spawn } from 'node:child_process';
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
 *   needsBrowser?: boolean, needs?: string, isOnOneCore?: boolean }} Check
 */

/** @param {string} text */
const print = (text) => process.stdout.write(text);

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

/**
 * @param {string} name
 * @param {string} project
 * @param {number} workers
 * @returns {Check}
 */
function playwright(name, project, workers) {
  return {
    name,
    command: ['playwright', 'test', `--project=${project}`, `--workers=${workers}`, '--reporter=list,json'],
    env: { PLAYWRIGHT_JSON_OUTPUT_NAME: reportPath(name) },
    needsBrowser: true,
    needs: 'build',
    report: () => {
      const { stats, suites } = readReport(name);
      const counts = { passed: stats.expected + stats.flaky, failed: stats.unexpected, skipped: stats.skipped };
      return { counts, failures: suites.flatMap(browserFailures) };
    },
  };
}

/** @type {Check[]} */
const CHECKS = [
  { name: 'types', command: ['tsc', '--noEmit'], isOnOneCore: true },
  { name: 'lint', command: ['biome', 'ci', '.', ...(process.stdout.isTTY ? [] : ['--colors=off'])], isOnOneCore: true },
  { name: 'arrows', command: ['node', 'scripts/arrows.mjs'], isOnOneCore: true },
  { name: 'dead code', command: ['knip'], isOnOneCore: true },
  vitest('unit'),
  vitest('cpu', 'cpu*'),
  vitest('gpu'),
  { name: 'build', command: ['vite', 'build', '--logLevel', 'warn'] },
  { name: 'build:cli', command: ['node', 'scripts/buildCli.mjs'] },
  // Two pages are hardly more work than one: what they do is mostly waiting.
  playwright('e2e', 'page', 2),
  // Each of these computes on every core.
  playwright('journeys', 'journey', 1),
];

/**
 * Runs one check. One that reports no tests of its own counts as one.
 * @param {Check} check
 * @param {(text: string) => void} [say] takes what it prints; without it, that goes to the terminal as it comes
 * @returns {Promise<Outcome>}
 */
async function run(check, say) {
  const [program = '', ...args] = check.command;
  const child = spawn(
    program === 'node' ? process.execPath : 'npx',
    program === 'node' ? args : ['--no-install', program, ...args],
    {
      cwd: root,
      stdio: say ? ['ignore', 'pipe', 'pipe'] : 'inherit',
      env: { ...process.env, ...check.env },
      shell: process.platform === 'win32',
    },
  );
  for (const stream of [child.stdout, child.stderr]) stream?.setEncoding('utf8').on('data', say ?? (() => {}));
  const isGreen = await new Promise((resolve) => {
    child.on('error', (error) => {
      (say ?? print)(`${error.message}\n`);
      resolve(false);
    });
    child.on('close', (status) => resolve(status === 0));
  });
  /** @type {Outcome} */
  let outcome = { counts: { passed: isGreen ? 1 : 0, failed: 0, skipped: 0 }, failures: [] };
  try {
    outcome = check.report?.() ?? outcome;
  } catch {
    (say ?? print)(`${check.name} ended without a report.\n`);
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

/** @typedef {Outcome & { name: string, elapsedMs: number }} Result */
/** @type {Result[]} */
const results = [];

/**
 * @param {Check} check
 * @param {(text: string) => void} [say]
 * @returns {Promise<Result>}
 */
async function time(check, say) {
  const startedMs = Date.now();
  const outcome = await run(check, say);
  return { name: check.name, ...outcome, elapsedMs: Date.now() - startedMs };
}

// All at once: there are few of them.
const beside = new Map(
  checks
    .filter(({ isOnOneCore }) => isOnOneCore)
    .map((check) => {
      /** @type {string[]} */
      const said = [];
      return [check, { said, ending: time(check, (text) => said.push(text)) }];
    }),
);

/**
 * @param {Check} check
 * @returns {Promise<Result>}
 */
async function resultOf(check) {
  const other = beside.get(check);
  if (other) {
    const result = await other.ending;
    print(other.said.join(''));
    return result;
  }
  // What needs every core has every core.
  await Promise.all([...beside.values()].map(({ ending }) => ending));
  if (results.some((result) => result.name === check.needs && result.counts.failed > 0)) {
    print(`Not run: ${check.needs} failed.\n`);
    return { name: check.name, ...NO_REPORT, elapsedMs: 0 };
  }
  try {
    if (check.needsBrowser) ensureChromium();
    if (check.name === 'journeys') ensureFirefox();
    return await time(check);
  } catch (error) {
    print(`${error instanceof Error ? error.message : error}\n`);
    return { name: check.name, ...NO_REPORT, elapsedMs: 0 };
  }
}

for (const check of checks) {
  print(`\n── ${check.name} ${'─'.repeat(Math.max(0, 100 - check.name.length))}\n`);
  results.push(await resultOf(check));
}

rmSync(REPORTS, { recursive: true });

print('\n');
// Above the sums, where who reads only the end finds them.
for (const { name, failures } of results) {
  for (const text of failures) print(`FAIL ${name} › ${text}\n`);
}
if (results.some(({ failures }) => failures.length > 0)) print('\n');
for (const { name, counts, elapsedMs } of results) {
  const { passed, failed, skipped } = counts;
  const mark = failed === 0 ? 'ok  ' : 'FAIL';
  const skips = skipped === 0 ? '' : `, ${skipped} skipped`;
  print(`${mark} ${name.padEnd(10)} ${passed} passed, ${failed} failed${skips} (${(elapsedMs / 1000).toFixed(1)} s)\n`);
}
/** @param {keyof Counts} key */
const sum = (key) => results.reduce((total, { counts }) => total + counts[key], 0);
const skips = sum('skipped') === 0 ? '' : `, ${sum('skipped')} skipped`;
print(`\n${sum('passed')} passed, ${sum('failed')} failed${skips}\n`);
process.exit(sum('failed') === 0 ? 0 : 1);
