// What other programs' training left behind, as runs that can be looked at: metrics (transformers' trainer_state.json, JSON
// lines, what a console showed), answers (TRL's Parquet, veRL's JSON lines) and settings. All or nothing.
import { fileNameOf } from '../../lib/paths';
import type { StepWithGroups } from '../run';
import { AnswersTable, isAnswer, metricsOfAnswers } from './answersTable';
import { consoleFigures } from './consoleLog';
import { fewNames, type MadeElsewhere, type Remark } from './madeElsewhere';
import { MetricsTable } from './metricsTable';
import { readParquetRows } from './parquetRows';
import { isJsonLines, readLines, readObjects, textLines } from './readObjects';
import { kindOfFile, type ResultFile, type ResultKind, rootOf, stepInPath, unpacked } from './resultFiles';
import { ResultsError } from './resultsError';
import { readSettings, toldByState, weightsOf } from './settingsTold';

/** Files of answers, a step each; where there are more, those of some steps are read. */
const MAX_ANSWER_FILES = 200;
const PROBED_BYTES = 2 ** 16;

export interface RunElsewhere {
  readonly name: string;
  readonly about: MadeElsewhere;
  /** In order; at least one. */
  readonly steps: readonly StepWithGroups[];
  /** Steps that it was to take, where that is said. */
  readonly maxSteps: number | undefined;
}

interface KnownFile extends ResultFile {
  readonly kind: ResultKind;
  readonly root: string;
}

interface Metrics {
  readonly file: KnownFile;
  readonly table: MetricsTable;
  readonly told: Readonly<Record<string, string>>;
}

/**
 * Reads the runs of the chosen files; files of a folder that are no results are passed over.
 * @throws ResultsError, ZipError where one is damaged, or where there is none among them
 */
export async function readResults(chosen: readonly ResultFile[]): Promise<readonly RunElsewhere[]> {
  const files = await unpacked(chosen);
  const isAlone = files.length === 1;
  const known = files.flatMap((file): KnownFile[] => {
    const kind = kindOfFile(file.path, isAlone);
    return kind === undefined ? [] : [{ ...file, kind, root: rootOf(file.path) }];
  });
  const reader = new ResultsReader(known, isAlone);
  const runs = await reader.read();
  if (runs.length > 0) return runs;
  const names = fewNames(chosen.map(({ path }) => fileNameOf(path))).slice(0, 3);
  throw new ResultsError(
    names.join(', '),
    'there are no results of a training in it',
    'What is read: trainer_state.json, metrics as JSON lines, TRL’s completions_….parquet, veRL’s rollouts as JSON lines, ' +
      'a console’s log; each by itself, or in a folder or a zip.',
  );
}

class ResultsReader {
  readonly #cut: string[] = [];
  readonly #metrics: Metrics[] = [];
  /** Answers by the root of their run. */
  readonly #answers = new Map<string, AnswersTable>();
  /** How many files of answers there were by root, where not all were read. */
  readonly #answerFiles = new Map<string, number>();
  readonly #settings = new Map<string, Readonly<Record<string, string>>>();

  constructor(
    private readonly files: readonly KnownFile[],
    private readonly isAlone: boolean,
  ) {}

  async read(): Promise<readonly RunElsewhere[]> {
    for (const file of this.#of('settings')) await this.#readSettings(file);
    for (const file of lastStates(this.#of('state'))) await this.#readObjects(file);
    for (const file of this.#someOf('lines')) await this.#readObjects(file);
    for (const file of this.#someOf('parquet')) {
      const rows = await readParquetRows(file.path, await file.open());
      for (const row of rows) if (isAnswer(row)) this.#answersOf(file).add(row, stepInPath(file.path));
    }
    // What a console showed is less than what a file of metrics holds.
    if (this.#metrics.length === 0) for (const file of this.#of('console')) await this.#readConsole(file);
    return this.#runs();
  }

  #of(kind: ResultKind): readonly KnownFile[] {
    return this.files.filter((file) => file.kind === kind);
  }

  /** Those of a kind, in the order of their steps; of very many files with steps, some that lie evenly. */
  #someOf(kind: ResultKind): readonly KnownFile[] {
    const all = this.#of(kind);
    const stepped = all.filter(({ path }) => stepInPath(path) !== undefined);
    const others = all.filter((file) => !stepped.includes(file));
    const inOrder = [...stepped].sort((a, b) => (stepInPath(a.path) as number) - (stepInPath(b.path) as number));
    if (inOrder.length <= MAX_ANSWER_FILES) return [...others, ...inOrder];
    for (const { root } of inOrder) this.#answerFiles.set(root, (this.#answerFiles.get(root) ?? 0) + 1);
    const every = inOrder.length / MAX_ANSWER_FILES;
    const kept = Array.from(
      { length: MAX_ANSWER_FILES },
      (_, i) => inOrder[Math.floor((i + 1) * every) - 1] as KnownFile,
    );
    return [...others, ...kept];
  }

  async #readSettings({ path, root, size, open }: KnownFile): Promise<void> {
    const told = await readSettings(size, open);
    // grpo.yaml is that of `export-job`.
    if (Object.keys(told).length > 0 && (!this.#settings.has(root) || fileNameOf(path) === 'grpo.yaml'))
      this.#settings.set(root, told);
  }

  #answersOf({ path, root }: KnownFile): AnswersTable {
    const table = this.#answers.get(root) ?? new AnswersTable(path, weightsOf(this.#told(root)));
    this.#answers.set(root, table);
    return table;
  }

  /** The settings that lie nearest to a run, in its folder or one around it. */
  #told(root: string): Readonly<Record<string, string>> {
    const folders = root.split('/');
    for (let depth = folders.length; depth > 0; depth--) {
      const told = this.#settings.get(folders.slice(0, depth).join('/'));
      if (told) return told;
    }
    return this.#settings.get('') ?? {};
  }

  async #readObjects(file: KnownFile): Promise<void> {
    const content = await file.open();
    const beginning = await content.slice(0, PROBED_BYTES).text();
    const objects = isJsonLines(beginning)
      ? readLines(file.path, content, () => this.#cut.push(file.path))
      : readObjects(file.path, content);
    const table = new MetricsTable(file.path);
    let told: Readonly<Record<string, string>> = {};
    let hasHistory = false;
    try {
      for await (const { value, isState } of objects) {
        if (isState) {
          told = toldByState(value);
          hasHistory = true;
        } else if ('log_history' in value) throw noHistory(file.path);
        else if (isAnswer(value)) this.#answersOf(file).add(value, stepInPath(file.path));
        else table.add(value);
      }
      if (file.kind === 'state' && !hasHistory) throw noHistory(file.path);
    } catch (error) {
      // In a folder, lines that were nothing known before they broke are somebody else's.
      const isTaken = !table.isEmpty || this.#answers.has(file.root);
      if (this.isAlone || isTaken || file.kind === 'state' || !(error instanceof ResultsError)) throw error;
      return;
    }
    // A data set of numbers has no metric that a training logs.
    if (!table.isEmpty && (this.isAlone || table.isOfTraining)) this.#metrics.push({ file, table, told });
  }

  async #readConsole(file: KnownFile): Promise<void> {
    const table = new MetricsTable(file.path);
    for await (const line of textLines(file.path, await file.open())) {
      const figures = consoleFigures(line);
      if (figures) table.add(figures);
    }
    if (!table.isEmpty) this.#metrics.push({ file, table, told: {} });
  }

  #runs(): readonly RunElsewhere[] {
    const answers = new Map(this.#answers);
    const runs = this.#metrics.map((metrics) => {
      const root = this.#rootOfAnswers(metrics);
      const own = root === undefined ? undefined : answers.get(root);
      if (root !== undefined) answers.delete(root);
      return this.#run(nameOf(metrics.file), metrics.file.root, metrics, own);
    });
    const alone = [...answers].map(([root, table]) => {
      const [file] = this.files.filter((one) => one.root === root && (one.kind === 'lines' || one.kind === 'parquet'));
      return this.#run(root === '' && file ? nameOf(file) : fileNameOf(root), root, undefined, table);
    });
    return [...runs, ...alone];
  }

  /** Where the answers of a run of metrics are: beside them, or wherever, if there is but one of both. */
  #rootOfAnswers({ file }: Metrics): string | undefined {
    const beside = this.#metrics.filter((other) => other.file.root === file.root);
    if (beside.length === 1 && this.#answers.has(file.root)) return file.root;
    return this.#metrics.length === 1 && this.#answers.size === 1 ? [...this.#answers.keys()][0] : undefined;
  }

  #run(name: string, root: string, metrics: Metrics | undefined, answers: AnswersTable | undefined): RunElsewhere {
    const isSumRight = metrics?.table.isRewardSum ?? true;
    const groups = new Map(answers?.steps(isSumRight).map((one) => [one.step, one.groups]));
    const measured = metrics?.table.steps ?? [...groups].map(([step, own]) => metricsOfAnswers(step, own));
    const missing = [...groups.keys()].filter((step) => !measured.some((one) => one.step === step));
    const all = [...measured, ...missing.map((step) => ({ step, metrics: {} }))].sort((a, b) => a.step - b.step);
    const told = { ...this.#told(root), ...metrics?.told };
    const files = this.#answerFiles.get(root);
    const remarks: Remark[] = [
      ...(metrics?.table.remarks ?? [{ kind: 'metricsOfAnswers' } as const]),
      ...(answers?.remarks(isSumRight) ?? []),
      ...(files === undefined ? [] : [{ kind: 'answersThinned', found: files, kept: groups.size } as const]),
      ...(this.#cut.length > 0 ? [{ kind: 'lastLineCut', files: fewNames(this.#cut.map(fileNameOf)) } as const] : []),
    ];
    return {
      name,
      about: { by: metrics?.file.kind === 'state' ? 'TRL' : byOf(metrics, this.files, root), told, remarks },
      steps: all.map((one) => ({ metrics: one, groups: groups.get(one.step) ?? [] })),
      maxSteps: stepsOf(told),
    };
  }
}

const noHistory = (file: string) =>
  new ResultsError(
    file,
    'it has no list log_history',
    'Copy it again: transformers’ Trainer writes its metrics there.',
  );

/** Of the states of one run, which each checkpoint has, that of the last. */
function lastStates(states: readonly KnownFile[]): readonly KnownFile[] {
  const byRoot = new Map<string, KnownFile>();
  for (const file of states) {
    const other = byRoot.get(file.root);
    if (other === undefined || (stepInPath(file.path) ?? 0) >= (stepInPath(other.path) ?? 0))
      byRoot.set(file.root, file);
  }
  return [...byRoot.values()];
}

function byOf(metrics: Metrics | undefined, files: readonly KnownFile[], root: string): MadeElsewhere['by'] {
  if (metrics) return metrics.table.by;
  return files.some((file) => file.root === root && file.kind === 'parquet') ? 'TRL' : 'veRL';
}

/** What a run is called: as its file, or as its folder where all are called alike. */
function nameOf({ path, root }: KnownFile): string {
  const name = fileNameOf(path);
  const isTelling = !/^(trainer_state|completions?_?\d*|metrics|\d+|log|log_history)\.\w+$/.test(name);
  return isTelling || root === '' ? name : fileNameOf(root);
}

function stepsOf(told: Readonly<Record<string, string>>): number | undefined {
  const steps = Number(told.max_steps);
  return Number.isSafeInteger(steps) && steps > 0 ? steps : undefined;
}
