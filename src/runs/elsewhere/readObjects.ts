// The JSON objects of a file, one after another, without holding the file: of JSON lines, of a list, and of the list
// `log_history` in transformers' trainer_state.json, whose other keys come last as one object.
import { type JsonObject, parseObject } from './pythonJson';
import { ResultsError } from './resultsError';

/** An object longer than this is none of a metrics file, and one answer is shorter. */
const MAX_OBJECT_CHARS = 2 ** 24;

export interface FoundObject {
  readonly value: JsonObject;
  /** The object around a `log_history`. */
  readonly isState: boolean;
}

interface Found {
  readonly text: string;
  readonly isState: boolean;
}

const [QUOTE, BACKSLASH] = [0x22, 0x5c];
const [OPEN_LIST, CLOSE_LIST, OPEN_OBJECT, CLOSE_OBJECT] = [0x5b, 0x5d, 0x7b, 0x7d];
/** What may stand before an object: white space, a comma, the beginning of its list. */
const BETWEEN = /^[\s,[]*$/;
const HISTORY = /"log_history"\s*:\s*$/;

/** Cuts a text that comes in parts into its objects. */
class ObjectCutter {
  #text = '';
  /** Of the text around a list of objects. */
  #around = '';
  #depth = 0;
  /** Depth within which objects are cut out: 0, of a list at the top 1, of a log_history 2. */
  #level = 0;
  #isString = false;
  #isEscaped = false;
  #isState = false;

  /** @returns the objects that end in this part; undefined where it is no JSON. */
  take(part: string): Found[] | undefined {
    const found: Found[] = [];
    let start = 0;
    const keep = (end: number) => {
      this.#text += part.slice(start, end);
      start = end;
    };
    for (let at = 0; at < part.length; at++) {
      const char = part.charCodeAt(at);
      if (this.#isString) {
        if (this.#isEscaped) this.#isEscaped = false;
        else if (char === BACKSLASH) this.#isEscaped = true;
        else if (char === QUOTE) this.#isString = false;
      } else if (char === QUOTE) {
        this.#isString = true;
      } else if (char === OPEN_OBJECT || char === OPEN_LIST) {
        if (char === OPEN_OBJECT && this.#depth === this.#level) {
          keep(at);
          if (!BETWEEN.test(this.#text)) return undefined;
          this.#text = '';
        } else if (char === OPEN_LIST && this.#depth === 0) {
          this.#level = 1;
        } else if (char === OPEN_LIST && this.#depth === 1 && this.#level === 0) {
          keep(at);
          if (HISTORY.test(this.#text.slice(-60))) {
            this.#around = `${this.#text}[`;
            this.#text = '';
            this.#isState = true;
            this.#level = 2;
          }
        }
        this.#depth++;
      } else if (char === CLOSE_OBJECT || char === CLOSE_LIST) {
        this.#depth--;
        if (this.#depth < 0) return undefined;
        if (char === CLOSE_LIST && this.#depth < this.#level) {
          keep(at);
          if (this.#level === 1) start = at + 1;
          this.#text = this.#around;
          this.#level = 0;
        } else if (char === CLOSE_OBJECT && this.#depth === this.#level) {
          keep(at + 1);
          found.push({ text: this.#text, isState: this.#isState && this.#level === 0 });
          if (this.#level === 0) this.#isState = false;
          this.#text = '';
        }
      }
    }
    keep(part.length);
    if (this.#text.length > MAX_OBJECT_CHARS) return undefined;
    return found;
  }

  get isWhole(): boolean {
    return this.#depth === 0 && !this.#isString && this.#text.trim() === '';
  }
}

/** So long it is read before others have their turn: a run may train meanwhile. */
const TURN_MS = 50;

/** The text of a file in parts, as UTF-8; bytes that are none become U+FFFD. */
export async function* textParts(content: Blob): AsyncGenerator<string> {
  const reader = content.stream().getReader();
  const decoder = new TextDecoder();
  let turnEnds = performance.now() + TURN_MS;
  for (;;) {
    if (performance.now() > turnEnds) {
      await new Promise((resolve) => setTimeout(resolve));
      turnEnds = performance.now() + TURN_MS;
    }
    const { value } = await reader.read();
    if (value === undefined) break;
    yield decoder.decode(value, { stream: true });
  }
  yield decoder.decode();
}

/**
 * The lines of a file.
 * @throws ResultsError for one that is too long
 */
export async function* textLines(file: string, content: Blob): AsyncGenerator<string> {
  let rest = '';
  for await (const part of textParts(content)) {
    const lines = part.split('\n');
    lines[0] = rest + lines[0];
    rest = lines.pop() as string;
    if (rest.length > MAX_OBJECT_CHARS)
      throw new ResultsError(file, `a line of more than ${MAX_OBJECT_CHARS} characters`, 'Choose a log of metrics.');
    yield* lines;
  }
  if (rest !== '') yield rest;
}

/** Whether a text's first line is an object by itself: then each line is one, and a broken one is told by its number. */
export function isJsonLines(beginning: string): boolean {
  const first = parseObject(beginning.split('\n', 1)[0] as string);
  return first !== undefined && !('log_history' in first);
}

/**
 * The objects of JSON lines. @param onCut told where the last line is cut off, as a job that was killed leaves it: what comes
 * before it is whole.
 * @throws ResultsError for any other line that is no object
 */
export async function* readLines(file: string, content: Blob, onCut: () => void): AsyncGenerator<FoundObject> {
  let number = 0;
  let bad: number | undefined;
  for await (const line of textLines(file, content)) {
    number++;
    if (line.trim() === '') continue;
    if (bad !== undefined) throw badLine(file, bad);
    const value = parseObject(line);
    if (value === undefined) bad = number;
    else yield { value, isState: false };
  }
  if (bad !== undefined) onCut();
}

const badLine = (file: string, line: number) =>
  new ResultsError(file, `line ${line} is no JSON object`, 'Correct that line or leave it out; nothing was kept.');

/**
 * The objects of a JSON file.
 * @throws ResultsError where it is damaged or cut off
 */
export async function* readObjects(file: string, content: Blob): AsyncGenerator<FoundObject> {
  const cutter = new ObjectCutter();
  const fail = (found: string) =>
    new ResultsError(file, found, 'Part of it may be missing: copy it again from where it was trained.');
  let count = 0;
  for await (const part of textParts(content)) {
    const found = cutter.take(part);
    if (found === undefined) throw fail('it is no JSON, or an object in it is too long');
    for (const { text, isState } of found) {
      count++;
      const value = parseObject(text);
      if (value === undefined) throw fail(`object ${count} of it is no JSON`);
      yield { value, isState };
    }
  }
  if (!cutter.isWhole) throw fail('it is cut off');
}
