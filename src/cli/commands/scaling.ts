// `scaling RECIPE`: a grid of trainings, sizes × lengths, and the law that their losses obey.
import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { formatSeconds } from '../../lib/formatSeconds';
import { JsonError, parseJson } from '../../lib/json';
import { sizeExponent } from '../../lib/scaling/law';
import { findingsOf, type GridFindings } from '../../lib/scaling/report';
import { cliCommand } from '../../lib/shell';
import { type GridResult, trainGridRun } from '../../runs/scaling/gridRun';
import { readResults, resultLine } from '../../runs/scaling/resultLines';
import { gridOf, parseScalingRecipe, type ScalingRecipe } from '../../runs/scaling/scalingRecipe';
import { type Arguments, type Command, readGiven, UsageError } from '../command';
import { note, printLine } from '../console';
import { outputFolder, readTextFile, writeGiven } from '../files';
import { holdFolder } from '../folderLock';
import { INTERRUPTED, listenForInterrupt } from '../interrupt';
import { refuseSettled } from '../runFolder';
import { DEVICE_OPTION, openNodeRuntime } from '../runtime';

const RECIPE_FILE = 'recipe.json';
const RESULTS_FILE = 'runs.jsonl';
const REPORT_FILE = 'scaling.json';
const RESUMABLE_OPTIONS: readonly string[] = ['device', 'resume', 'json'];

function readRecipe(path: string, seed?: number): ScalingRecipe {
  const text = readTextFile(path, 'Give a recipe: a JSON file such as recipes/scaling/grid.json.');
  try {
    const value = parseJson(text);
    const isObject = typeof value === 'object' && value !== null;
    return readGiven(() => parseScalingRecipe(isObject && seed !== undefined ? { ...value, seed } : value));
  } catch (error) {
    if (!(error instanceof JsonError)) throw error;
    throw new UsageError(`${path} is not JSON (${error.problem}: ${error.placeIn(text)}).`, 'Correct the file.');
  }
}

/** A new grid in a folder of its own. Throws UsageError where there is one already. */
function begin(args: Arguments): { readonly folder: string; readonly recipe: ScalingRecipe } {
  const path = args.positional(0);
  if (path === undefined) throw args.usage('RECIPE is missing.', 'Give a recipe file, or --resume a grid.');
  const recipe = readRecipe(path, args.integer('seed', undefined));
  const folder = outputFolder(args, recipe.name);
  holdFolder(folder);
  if (existsSync(join(folder, RECIPE_FILE))) {
    throw new UsageError(`${folder} holds a grid.`, `Go on with it by --resume ${folder}, or choose another folder.`);
  }
  writeGiven(folder, () => writeFileSync(join(folder, RECIPE_FILE), `${JSON.stringify(recipe, null, 2)}\n`));
  return { folder, recipe };
}

export const scalingCommand: Command = {
  name: 'scaling',
  summary: 'Train a grid of sizes × lengths by one recipe, and fit the law that their losses obey.',
  positionals: [{ name: '[RECIPE]', help: 'a recipe file, such as recipes/scaling/grid.json; left out with --resume' }],
  options: {
    ...DEVICE_OPTION,
    out: { value: 'DIR', help: 'where the results go (default: a new folder below runs/)' },
    seed: { value: 'S', help: 'another seed than the recipe’s' },
    resume: { value: 'DIR', help: 'go on with the grid in DIR: runs that are done are not done again' },
    json: { help: 'print one JSON object instead of tables' },
  },
  notes:
    'The law is Chinchilla’s, L(N, D) = E + A/N^α + B/D^β (arXiv 2203.15556), fitted by Huber’s loss on logarithms; its error\n' +
    'bars hold 80 % of the fits to runs drawn with replacement. N counts all parameters. Runs on repeated data tell what\n' +
    'repeating is worth (arXiv 2305.16264). DIR gets runs.jsonl, a line a run, and scaling.json. Ctrl-C ends the run under\n' +
    'way, which --resume begins anew.',
  examples: [
    'scaling recipes/scaling/grid.json --out runs/grid',
    'scaling recipes/scaling/mini.json --json',
    'scaling --resume runs/grid',
  ],
  async run(args) {
    const resumePath = args.text('resume');
    if (resumePath !== undefined) {
      refuseSettled(args, scalingCommand, RESUMABLE_OPTIONS);
      holdFolder(resumePath);
    }
    const { folder, recipe } =
      resumePath === undefined
        ? begin(args)
        : { folder: resumePath, recipe: readRecipe(join(resumePath, RECIPE_FILE)) };
    const results = await trainGrid(args, folder, recipe);
    if (results === undefined) {
      note(`Saved. Go on with: ${cliCommand('scaling', '--resume', folder)}`);
      return INTERRUPTED;
    }
    const report = { recipe, results, ...findingsOf(results) };
    writeGiven(folder, () => writeFileSync(join(folder, REPORT_FILE), `${JSON.stringify(report)}\n`));
    if (args.flag('json')) printLine(JSON.stringify(report));
    else printTables(results, report);
    note(`Saved ${RESULTS_FILE} and ${REPORT_FILE} in ${folder}.`);
    return 0;
  },
};

/** Trains what is not done yet; undefined: it was stopped before the end. */
async function trainGrid(
  args: Arguments,
  folder: string,
  recipe: ScalingRecipe,
): Promise<readonly GridResult[] | undefined> {
  const path = join(folder, RESULTS_FILE);
  const known = existsSync(path) ? readResults(readFileSync(path, 'utf8')) : [];
  const runs = gridOf(recipe);
  const done = new Map(
    known.filter(({ id }) => runs.some((run) => run.id === id)).map((result) => [result.id, result]),
  );
  // A line that was cut goes.
  writeGiven(path, () => writeFileSync(path, [...done.values()].map(resultLine).join('')));
  const runtime = await openNodeRuntime(args);
  const interrupt = listenForInterrupt('ending this run, which is begun anew later');
  const controller = new AbortController();
  note(`${recipe.name}: ${runs.length} runs, ${done.size} of them done, on ${runtime.device.name}`);
  for (const run of runs) {
    if (done.has(run.id)) continue;
    const onStep = () => {
      if (interrupt.isRequested) controller.abort();
    };
    try {
      const result = await trainGridRun(runtime, recipe, run, { signal: controller.signal, onStep });
      done.set(run.id, result);
      writeGiven(path, () => appendFileSync(path, resultLine(result)));
      note(
        `${run.id}: loss ${result.loss.toFixed(4)} nats a token, ${result.parameters} parameters, ` +
          `${formatSeconds(result.seconds)}, ${done.size} of ${runs.length}`,
      );
    } catch (error) {
      if (!controller.signal.aborted) throw error;
    }
    if (interrupt.isRequested) return undefined;
  }
  return runs.flatMap(({ id }) => done.get(id) ?? []);
}

function printTables(results: readonly GridResult[], { fit, optimal, repeats }: GridFindings): void {
  printLine('| run | parameters | tokens | that differ | loss |\n|---|---|---|---|---|');
  for (const { id, parameters, tokens, uniqueTokens, loss } of results) {
    printLine(`| ${id} | ${parameters} | ${tokens} | ${uniqueTokens} | ${loss.toFixed(4)} |`);
  }
  if (!fit) {
    printLine('\nNo law: that takes five runs or more, of two sizes and two lengths at least.');
    return;
  }
  const { law, bounds, residual } = fit;
  printLine(`\n| | fitted | 80 % of resampled fits |\n|---|---|---|`);
  for (const name of ['E', 'A', 'alpha', 'B', 'beta'] as const) {
    printLine(`| ${name} | ${short(law[name])} | ${short(bounds[name].low)} to ${short(bounds[name].high)} |`);
  }
  const { low, high } = bounds.sizeExponent;
  printLine(`| N_opt ∝ C^a, a | ${short(sizeExponent(law))} | ${short(low)} to ${short(high)} |`);
  printLine(`\nThe law misses a loss by ${(100 * residual).toFixed(1)} % (root mean square).`);
  printLine('\n| FLOP | optimal parameters | 80 % | tokens |\n|---|---|---|---|');
  for (const { flops, parameters, tokens, bounds: size } of optimal) {
    const [least, most] = [size.low, size.high].map((value) => short(value));
    printLine(`| ${flops.toExponential(1)} | ${short(parameters)} | ${least} to ${most} | ${short(tokens)} |`);
  }
  if (repeats) {
    const { halving, bounds: within } = repeats;
    printLine(`\nRepeated data: R* = ${short(halving)} (${short(within.low)} to ${short(within.high)}).`);
  }
}

const short = (value: number): string =>
  Math.abs(value) >= 1000 ? Math.round(value).toString() : value.toPrecision(3);
