// Comma-separated values as RFC 4180 has them: fields in double quotes may hold separators, line breaks and doubled quotes.
// Where a record is broken, reading goes on with the line after the one that it began in.

export interface CsvRecord {
  /** The line, counted from 1, in which it begins. */
  readonly line: number;
  /** None where it is broken. */
  readonly fields: readonly string[];
  /** A quote is not closed within the length that a field may have, or something stands between it and the next separator. */
  readonly isBroken: boolean;
}

/** The separators that spreadsheets write. */
const SEPARATORS = [',', ';', '\t'] as const;

/** The separator that is most frequent in a line. */
export function separatorOf(line: string): string {
  const count = (separator: string) => line.split(separator).length;
  return [...SEPARATORS].sort((a, b) => count(b) - count(a))[0] as string;
}

/** The records of a text, empty lines left out. @param maxField characters of a field in quotes, which bounds the work */
export function* readCsv(text: string, separator: string, maxField: number): Generator<CsvRecord> {
  let at = 0;
  let line = 1;
  while (at < text.length) {
    const begins = at;
    const record = readRecord(text, at, separator, maxField);
    at = record?.end ?? lineEnd(text, begins);
    const { fields } = record ?? { fields: [] };
    const isEmpty = fields.length === 1 && fields[0]?.trim() === '';
    if (!isEmpty) yield { line, fields, isBroken: record === undefined };
    line += countBreaks(text, begins, at);
  }
}

/** A record and where the next one begins; undefined where it is broken. */
function readRecord(text: string, from: number, separator: string, maxField: number) {
  const fields: string[] = [];
  let at = from;
  for (;;) {
    const isQuoted = text[at] === '"';
    const field = isQuoted ? readQuoted(text, at, maxField) : readPlain(text, at, separator);
    if (field === undefined) return undefined;
    fields.push(field.value);
    at = field.end;
    if (text[at] === separator) {
      at++;
      continue;
    }
    const isEnd = at >= text.length || text[at] === '\n' || text[at] === '\r';
    return isEnd ? { fields, end: lineEnd(text, at) } : undefined;
  }
}

function readPlain(text: string, from: number, separator: string) {
  let at = from;
  while (at < text.length && text[at] !== separator && text[at] !== '\n' && text[at] !== '\r') at++;
  return { value: text.slice(from, at), end: at };
}

/** The field that begins with a quote, and where it ends; undefined where it does not. */
function readQuoted(text: string, from: number, maxField: number) {
  const last = Math.min(text.length, from + 1 + maxField);
  for (let at = from + 1; at < last; at++) {
    if (text[at] !== '"') continue;
    if (text[at + 1] === '"') at++;
    else return { value: text.slice(from + 1, at).replaceAll('""', '"'), end: at + 1 };
  }
  return undefined;
}

/** Where the line after the one of a place begins: after `\n`, `\r\n` or `\r`. */
function lineEnd(text: string, from: number): number {
  let at = from;
  while (at < text.length && text[at] !== '\n' && text[at] !== '\r') at++;
  return Math.min(text.length, at + (text[at] === '\r' && text[at + 1] === '\n' ? 2 : 1));
}

function countBreaks(text: string, from: number, to: number): number {
  let count = 0;
  for (let at = from; at < to; at++) {
    if (text[at] === '\n' || (text[at] === '\r' && text[at + 1] !== '\n')) count++;
  }
  return count;
}
