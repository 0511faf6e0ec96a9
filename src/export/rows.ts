// The problems as the rows that TRL and veRL read, in JSON lines and in Parquet alike.
import type { Split } from '../tasks/split';
import type { Problem } from '../tasks/task';
import { parquetFile, type Shape, type Shapes } from './parquet';
import { jobTask } from './problems';

type Row = Readonly<Record<string, unknown>>;

export interface Message {
  readonly role: 'system' | 'user';
  readonly content: string;
}

/** How a problem becomes a prompt: as the text that a model reads, or as messages for its chat template. */
export type PromptForm = (problem: Problem) => string | readonly Message[];

export const asMessages: PromptForm = ({ question }) => [{ role: 'user', content: question }];

const MESSAGES: Shape = { list: { fields: { role: 'string', content: 'string' } } };

/** What the rewards judge by. The rule is empty where the task itself judges. */
const judged = (problem: Problem) => ({
  task: jobTask(problem),
  question: problem.question,
  answer: problem.answer,
  rule: problem.rule ?? '',
});

const SPLIT_NAMES: Readonly<Record<Split, string>> = { train: 'train', 'held-out': 'heldout' };

const idOf = (split: Split, index: number) => `${SPLIT_NAMES[split]}-${index}`;

function trlTable(problems: readonly Problem[], split: Split, prompt: PromptForm): Table {
  const rows = problems.map((problem, i) => ({
    prompt: prompt(problem),
    ...judged(problem),
    id: idOf(split, i),
  }));
  const isText = typeof rows[0]?.prompt === 'string';
  return { rows, columns: { prompt: isText ? 'string' : MESSAGES, ...JUDGED, id: 'string' } };
}

function verlTable(problems: readonly Problem[], split: Split, prompt: PromptForm): Table {
  const rows = problems.map((problem, index) => ({
    data_source: jobTask(problem),
    prompt: prompt(problem),
    ability: jobTask(problem),
    reward_model: { style: 'rule', ground_truth: problem.answer },
    extra_info: { split: SPLIT_NAMES[split], index, id: idOf(split, index), ...judged(problem) },
  }));
  const info: Shapes = { split: 'string', index: 'int32', id: 'string', ...JUDGED };
  const columns: Shapes = {
    data_source: 'string',
    prompt: MESSAGES,
    ability: 'string',
    reward_model: { fields: { style: 'string', ground_truth: 'string' } },
    extra_info: { fields: info },
  };
  return { rows, columns };
}

const JUDGED: Shapes = { task: 'string', question: 'string', answer: 'string', rule: 'string' };

interface Table {
  readonly columns: Shapes;
  readonly rows: readonly Row[];
}

const TABLES = { trl: trlTable, verl: verlTable };

/** The two files of a split, by their paths in a job; none where there is no problem. */
export function dataFiles(
  trainer: keyof typeof TABLES,
  problems: readonly Problem[],
  split: Split,
  prompt: PromptForm,
): Map<string, Uint8Array> {
  if (problems.length === 0) return new Map();
  const { rows, columns } = TABLES[trainer](problems, split, prompt);
  const lines = rows.map((row) => `${JSON.stringify(row)}\n`).join('');
  const path = `data/${SPLIT_NAMES[split]}`;
  return new Map([
    [`${path}.jsonl`, new TextEncoder().encode(lines)],
    [`${path}.parquet`, parquetFile(columns, rows)],
  ]);
}
