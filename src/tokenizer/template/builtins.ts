// The filters, tests and methods of Jinja and Python that chat templates use.
import {
  type CallArguments,
  Callable,
  type Effort,
  elementsOf,
  isEqual,
  isTrue,
  toJson,
  toText,
  type Value,
} from './values';

/** How a filter or test is called: the value, what else was given, and the effort it is counted by. */
type Builtin = (value: Value, given: CallArguments, effort: Effort) => Value;

const argument = ({ positional, named }: CallArguments, place: number, name: string): Value =>
  positional[place] ?? named.get(name);

function textOf(value: Value, effort: Effort, what: string): string {
  return typeof value === 'string' ? value : effort.fail(`${what} needs a text`);
}

function integerOf(value: Value, effort: Effort, what: string): number {
  return typeof value === 'number' && Number.isSafeInteger(value) ? value : effort.fail(`${what} needs a whole number`);
}

/** All occurrences, the length looked at before it is made. */
function replaceAll(text: string, from: string, to: string, effort: Effort): string {
  effort.make(text.length);
  const count = from === '' ? text.length + 1 : text.split(from).length - 1;
  effort.make(text.length + count * to.length);
  return text.replaceAll(from, () => to);
}

function strip(text: string, characters: string | undefined, ends: 'both' | 'left' | 'right'): string {
  const isStripped = (char: string) => (characters === undefined ? /\s/.test(char) : characters.includes(char));
  let [start, end] = [0, text.length];
  if (ends !== 'right') while (start < end && isStripped(text[start] as string)) start++;
  if (ends !== 'left') while (end > start && isStripped(text[end - 1] as string)) end--;
  return text.slice(start, end);
}

const capitalize = (text: string) => text.slice(0, 1).toUpperCase() + text.slice(1).toLowerCase();
const title = (text: string) => text.replace(/\p{L}+/gu, capitalize);

function join(items: readonly Value[], separator: string, effort: Effort): string {
  const texts = items.map((item) => toText(item, effort));
  effort.make(texts.reduce((sum, text) => sum + text.length + separator.length, 0));
  return texts.join(separator);
}

function split(text: string, separator: Value, most: Value, effort: Effort): Value[] {
  effort.make(text.length);
  if (separator === undefined || separator === null)
    return effort.list(text.split(/\s+/).filter((part) => part !== ''));
  const mark = textOf(separator, effort, 'split');
  if (mark === '') return effort.fail('split needs a separator');
  const parts = text.split(mark);
  effort.make(parts.length);
  if (typeof most !== 'number' || most < 0 || parts.length <= most + 1) return parts;
  return [...parts.slice(0, most), parts.slice(most).join(mark)];
}

/** An attribute or key that a filter names, with dots for deeper ones. */
function attributeOf(item: Value, name: Value): Value {
  return String(name)
    .split('.')
    .reduce<Value>((value, key) => (value instanceof Map ? value.get(key) : undefined), item);
}

function compare(a: Value, b: Value): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  return String(a) < String(b) ? -1 : Number(String(a) > String(b));
}

const lengthOf = (value: Value, effort: Effort): number =>
  value instanceof Map ? value.size : typeof value === 'string' ? [...value].length : elementsOf(value, effort).length;

const itemsOf = (value: Value, effort: Effort): Value[] =>
  value instanceof Map ? effort.list([...value].map((entry) => [...entry])) : effort.fail('items needs a dict');

/** Keeps the elements of which a test holds, or does not. */
const selecting =
  (isKept: boolean, byAttribute: boolean): Builtin =>
  (value, { positional }, effort) => {
    const [attribute, ...others] = byAttribute ? positional : [undefined, ...positional];
    const [name, ...rest] = others;
    return effort.list(
      elementsOf(value, effort).filter((item) => {
        effort.step();
        const tested = byAttribute ? attributeOf(item, attribute) : item;
        const holds =
          name === undefined
            ? isTrue(tested)
            : test(String(name), tested, { positional: rest, named: new Map() }, effort);
        return holds === isKept;
      }),
    );
  };

const FILTERS = new Map<string, Builtin>([
  [
    'trim',
    (value, given, effort) => strip(toText(value, effort), argument(given, 0, 'chars') as string | undefined, 'both'),
  ],
  ['length', (value, _, effort) => lengthOf(value, effort)],
  ['upper', (value, _, effort) => effort.text(toText(value, effort).toUpperCase())],
  ['lower', (value, _, effort) => effort.text(toText(value, effort).toLowerCase())],
  ['capitalize', (value, _, effort) => effort.text(capitalize(toText(value, effort)))],
  ['title', (value, _, effort) => effort.text(title(toText(value, effort)))],
  ['string', (value, _, effort) => toText(value, effort)],
  ['safe', (value) => value],
  ['int', (value) => Math.trunc(Number(value)) || 0],
  ['float', (value) => Number(value) || 0],
  ['abs', (value, _, effort) => Math.abs(integerOf(value, effort, 'abs'))],
  ['list', (value, _, effort) => effort.list([...elementsOf(value, effort)])],
  ['first', (value, _, effort) => elementsOf(value, effort)[0]],
  ['last', (value, _, effort) => elementsOf(value, effort).at(-1)],
  ['reverse', (value, _, effort) => effort.list([...elementsOf(value, effort)].reverse())],
  ['sort', (value, _, effort) => effort.list([...elementsOf(value, effort)].sort(compare))],
  ['unique', (value, _, effort) => effort.list([...new Set(elementsOf(value, effort))])],
  ['sum', (value, _, effort) => elementsOf(value, effort).reduce<number>((sum, item) => sum + Number(item), 0)],
  ['join', (value, given, effort) => join(elementsOf(value, effort), toText(argument(given, 0, 'd'), effort), effort)],
  ['items', (value, _, effort) => itemsOf(value, effort)],
  [
    'dictsort',
    (value, _, effort) => itemsOf(value, effort).sort((a, b) => compare((a as Value[])[0], (b as Value[])[0])),
  ],
  [
    'tojson',
    (value, given, effort) => toJson(value, integerOf(argument(given, 0, 'indent') ?? 0, effort, 'tojson'), effort),
  ],
  [
    'default',
    (value, given) => {
      const isMissing = value === undefined || (isTrue(argument(given, 1, 'boolean')) && !isTrue(value));
      return isMissing ? argument(given, 0, 'default_value') : value;
    },
  ],
  [
    'replace',
    (value, { positional: [from, to] }, effort) =>
      replaceAll(toText(value, effort), textOf(from, effort, 'replace'), textOf(to, effort, 'replace'), effort),
  ],
  [
    'indent',
    (value, given, effort) => {
      const text = toText(value, effort);
      const width = integerOf(argument(given, 0, 'width') ?? 4, effort, 'indent');
      effort.make(text.length + text.split('\n').length * Math.max(0, width));
      const indented = text.replace(/\n(?!\n|$)/g, `\n${' '.repeat(Math.max(0, width))}`);
      return isTrue(argument(given, 1, 'first')) ? ' '.repeat(Math.max(0, width)) + indented : indented;
    },
  ],
  [
    'map',
    (value, given, effort) => {
      const attribute = given.named.get('attribute');
      const [name, ...rest] = given.positional;
      return effort.list(
        elementsOf(value, effort).map((item) => {
          effort.step();
          if (attribute === undefined) return filter(String(name), item, { ...given, positional: rest }, effort);
          return attributeOf(item, attribute) ?? given.named.get('default');
        }),
      );
    },
  ],
  ['select', selecting(true, false)],
  ['reject', selecting(false, false)],
  ['selectattr', selecting(true, true)],
  ['rejectattr', selecting(false, true)],
]);
const ALIASES = new Map([
  ['count', 'length'],
  ['d', 'default'],
  ['strip', 'trim'],
]);

const isNumber = (value: Value) => typeof value === 'number';
const TESTS = new Map<string, Builtin>([
  ['defined', (value) => value !== undefined],
  ['undefined', (value) => value === undefined],
  ['none', (value) => value === null],
  ['string', (value) => typeof value === 'string'],
  ['number', isNumber],
  ['integer', (value) => Number.isInteger(value)],
  ['float', (value) => isNumber(value) && !Number.isInteger(value)],
  ['boolean', (value) => typeof value === 'boolean'],
  ['true', (value) => value === true],
  ['false', (value) => value === false],
  ['mapping', (value) => value instanceof Map],
  ['sequence', (value) => Array.isArray(value) || typeof value === 'string' || value instanceof Map],
  ['iterable', (value) => Array.isArray(value) || typeof value === 'string' || value instanceof Map],
  ['callable', (value) => value instanceof Callable],
  ['odd', (value) => Math.abs(Number(value)) % 2 === 1],
  ['even', (value) => Number(value) % 2 === 0],
  ['divisibleby', (value, { positional: [by] }) => Number(value) % Number(by) === 0],
  ['equalto', (value, { positional: [other] }, effort) => isEqual(value, other, effort)],
  ['ne', (value, { positional: [other] }, effort) => !isEqual(value, other, effort)],
  ['in', (value, { positional: [container] }, effort) => contains(container, value, effort)],
  ['gt', (value, { positional: [other] }) => compare(value, other) > 0],
  ['lt', (value, { positional: [other] }) => compare(value, other) < 0],
]);
const TEST_ALIASES = new Map([
  ['eq', 'equalto'],
  ['==', 'equalto'],
  ['!=', 'ne'],
]);

/** A filter by name. */
export function filter(name: string, value: Value, given: CallArguments, effort: Effort): Value {
  const found = FILTERS.get(ALIASES.get(name) ?? name);
  return found
    ? found(value, given, effort)
    : effort.fail(`the filter ${JSON.stringify(name.slice(0, 40))} is not known`);
}

/** Whether a test by name holds. */
export function test(name: string, value: Value, given: CallArguments, effort: Effort): boolean {
  const found = TESTS.get(TEST_ALIASES.get(name) ?? name);
  return found
    ? isTrue(found(value, given, effort))
    : effort.fail(`the test ${JSON.stringify(name.slice(0, 40))} is not known`);
}

/** Whether a list, text or dict has an element. */
export function contains(container: Value, value: Value, effort: Effort): boolean {
  if (typeof container === 'string') {
    effort.make(container.length);
    return container.includes(textOf(value, effort, 'in'));
  }
  if (container instanceof Map) return typeof value === 'string' && container.has(value);
  const elements = elementsOf(container, effort);
  effort.make(elements.length);
  return elements.some((element) => isEqual(element, value, effort));
}

type TextMethod = (text: string, given: CallArguments, effort: Effort) => Value;

const stripping =
  (ends: 'both' | 'left' | 'right'): TextMethod =>
  (text, { positional: [characters] }, effort) =>
    effort.text(strip(text, typeof characters === 'string' ? characters : undefined, ends));

const affix =
  (isStart: boolean): TextMethod =>
  (text, { positional: [affixes] }, effort) =>
    [affixes].flat().some((one) => {
      const wanted = textOf(one as Value, effort, isStart ? 'startswith' : 'endswith');
      return isStart ? text.startsWith(wanted) : text.endsWith(wanted);
    });

const TEXT_METHODS = new Map<string, TextMethod>([
  ['strip', stripping('both')],
  ['lstrip', stripping('left')],
  ['rstrip', stripping('right')],
  ['startswith', affix(true)],
  ['endswith', affix(false)],
  ['split', (text, given, effort) => split(text, argument(given, 0, 'sep'), argument(given, 1, 'maxsplit'), effort)],
  ['splitlines', (text, _, effort) => effort.list(text === '' ? [] : text.replace(/\n$/, '').split('\n'))],
  ['upper', (text, _, effort) => effort.text(text.toUpperCase())],
  ['lower', (text, _, effort) => effort.text(text.toLowerCase())],
  ['title', (text, _, effort) => effort.text(title(text))],
  ['capitalize', (text, _, effort) => effort.text(capitalize(text))],
  ['join', (text, { positional: [items] }, effort) => join(elementsOf(items, effort), text, effort)],
  ['find', (text, { positional: [part] }, effort) => text.indexOf(textOf(part, effort, 'find'))],
  ['rfind', (text, { positional: [part] }, effort) => text.lastIndexOf(textOf(part, effort, 'rfind'))],
  ['count', (text, { positional: [part] }, effort) => split(text, part, undefined, effort).length - 1],
  [
    'replace',
    (text, { positional: [from, to] }, effort) =>
      replaceAll(text, textOf(from, effort, 'replace'), textOf(to, effort, 'replace'), effort),
  ],
]);

/** A method of a text, list or dict as a function; undefined where there is none. */
export function methodOf(object: Value, name: string, effort: Effort): Callable | undefined {
  if (typeof object === 'string') {
    const method = TEXT_METHODS.get(name);
    return method && new Callable((given) => method(object, given, effort));
  }
  if (object instanceof Map) {
    const methods: Record<string, (given: CallArguments) => Value> = {
      get: ({ positional: [key, fallback = null] }) =>
        typeof key === 'string' ? (object.get(key) ?? fallback) : fallback,
      items: () => itemsOf(object, effort),
      keys: () => effort.list([...object.keys()]),
      values: () => effort.list([...object.values()]),
    };
    return Object.hasOwn(methods, name) ? new Callable(methods[name] as (given: CallArguments) => Value) : undefined;
  }
  if (Array.isArray(object) && name === 'append') {
    return new Callable(({ positional: [item] }) => {
      effort.make(1);
      object.push(item);
      return null;
    });
  }
  return undefined;
}
