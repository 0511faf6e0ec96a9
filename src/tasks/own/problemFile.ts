// A file of problems, CSV or JSON lines, as a stranger wrote it: what of it can be taken, and what is wrong with each other line.
import { readCsv, separatorOf } from '../../lib/csv';
import { MAX_CHARACTERS } from '../typed';
import { MAX_ANSWER_CHARACTERS, MAX_PROBLEMS, type OwnProblem } from './problemSet';
import { fitsRule, questionKey, RULES, type Rule, usualRule } from './rules';

export const MAX_FILE_BYTES = 5 * 2 ** 20;
/** So long a field may be before it is given up. */
const MAX_FIELD = 4000;

export type LineFault =
  /** A quote is not closed where its field ends. */
  | 'quotes'
  /** It is no JSON object. */
  | 'json'
  /** It has another number of columns than the first line. */
  | 'columns'
  | 'noQuestion'
  | 'noAnswer'
  | 'longQuestion'
  | 'longAnswer'
  /** There is no such rule. */
  | 'rule'
  /** The answer is no number, or no expression, as its rule has it. */
  | 'answerRule'
  /** An earlier line asks the same and answers otherwise. */
  | 'conflict';

export interface BadLine {
  readonly line: number;
  readonly fault: LineFault;
  /** What was found there, cut short. */
  readonly found: string;
  /** The earlier line, where there are two. */
  readonly other?: number;
}

export interface ProblemFile {
  readonly problems: readonly OwnProblem[];
  readonly bad: readonly BadLine[];
  /** Lines that say what an earlier one says. */
  readonly duplicates: readonly number[];
}

/** Why nothing at all could be read. */
export type FileFault =
  | { readonly kind: 'empty' }
  | { readonly kind: 'tooLarge'; readonly bytes: number }
  | { readonly kind: 'tooMany'; readonly lines: number }
  /** The first line names no column `question`, or none `answer`. */
  | { readonly kind: 'noColumns'; readonly found: string };

interface Row {
  readonly line: number;
  readonly fields: { readonly question?: unknown; readonly answer?: unknown; readonly rule?: unknown };
}

type RowOrBad = Row | BadLine;

const short = (value: unknown) => {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
};

/** Reads a file of problems whole; nothing of it is kept by that. */
export function readProblemFile(text: string): ProblemFile | { readonly fault: FileFault } {
  const bytes = new TextEncoder().encode(text).length;
  if (bytes > MAX_FILE_BYTES) return { fault: { kind: 'tooLarge', bytes } };
  const body = text.replace(/^\uFEFF/, '');
  if (body.trim() === '') return { fault: { kind: 'empty' } };
  const rows = body.trimStart().startsWith('{') ? [...jsonRows(body)] : csvRows(body);
  if (!Array.isArray(rows)) return rows;
  if (rows.length > MAX_PROBLEMS) return { fault: { kind: 'tooMany', lines: rows.length } };
  return sort(rows);
}

function* jsonRows(text: string): Generator<RowOrBad> {
  let line = 0;
  for (const content of text.split(/\r\n|\n|\r/)) {
    line++;
    if (content.trim() === '') continue;
    const value = parseObject(content);
    yield value ? { line, fields: value } : { line, fault: 'json', found: short(content.trim()) };
  }
}

function parseObject(text: string): Row['fields'] | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function csvRows(text: string): RowOrBad[] | { readonly fault: FileFault } {
  const separator = separatorOf(/^.*/.exec(text.trimStart())?.[0] ?? '');
  const [head, ...records] = readCsv(text, separator, MAX_FIELD);
  const names = (head?.fields ?? []).map((name) => name.trim().toLowerCase());
  const [question, answer, rule] = ['question', 'answer', 'rule'].map((name) => names.indexOf(name)) as [
    number,
    number,
    number,
  ];
  if (question < 0 || answer < 0) return { fault: { kind: 'noColumns', found: short(names.join(', ')) } };
  const lines = text.split(/\r\n|\n|\r/);
  return records.map(({ line, fields, isBroken }): RowOrBad => {
    if (isBroken) return { line, fault: 'quotes', found: short(lines[line - 1]) };
    if (fields.length !== names.length) return { line, fault: 'columns', found: `${fields.length}` };
    return { line, fields: { question: fields[question], answer: fields[answer], rule: fields[rule] } };
  });
}

function sort(rows: readonly RowOrBad[]): ProblemFile {
  const kept = new Map<string, { readonly line: number; readonly problem: OwnProblem }>();
  const bad: BadLine[] = [];
  const duplicates: number[] = [];
  for (const row of rows) {
    const read = 'fault' in row ? row : readRow(row);
    if ('fault' in read) {
      bad.push(read);
      continue;
    }
    const key = questionKey(read.question);
    const earlier = kept.get(key);
    if (earlier === undefined) kept.set(key, { line: row.line, problem: read });
    else if (earlier.problem.answer === read.answer) duplicates.push(row.line);
    else bad.push({ line: row.line, fault: 'conflict', found: short(read.answer), other: earlier.line });
  }
  return { problems: [...kept.values()].map(({ problem }) => problem), bad, duplicates };
}

/** A number in JSON is the text that it is written as. */
const textOf = (value: unknown) =>
  typeof value === 'string' ? value.trim() : typeof value === 'number' ? `${value}` : '';

function readRow({ line, fields }: Row): OwnProblem | BadLine {
  const bad = (fault: LineFault, found: unknown): BadLine => ({ line, fault, found: short(found) });
  const [question, answer, named] = [textOf(fields.question), textOf(fields.answer), textOf(fields.rule).toLowerCase()];
  if (question === '') return bad('noQuestion', fields.question ?? '');
  if (answer === '') return bad('noAnswer', fields.answer ?? '');
  if (question.length > MAX_CHARACTERS) return bad('longQuestion', `${question.length}`);
  if (answer.length > MAX_ANSWER_CHARACTERS) return bad('longAnswer', `${answer.length}`);
  const rule: Rule | undefined = named === '' ? usualRule(answer) : RULES.find((known) => known === named);
  if (rule === undefined) return bad('rule', fields.rule);
  return fitsRule(answer, rule) ? { question, answer, rule } : bad('answerRule', answer);
}
