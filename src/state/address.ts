// The address behind `#`, taken apart and put together: `screen/part?name=value&…`. What the values mean is read in links/.

export const SCREEN_NAMES = [
  'ask',
  'story',
  'train',
  'stages',
  'compare',
  'models',
  'device',
  'lab',
  'gallery',
  'knows',
  'one-page',
] as const;
export type Screen = (typeof SCREEN_NAMES)[number];

export interface Address {
  readonly screen: Screen;
  /** A part of the screen that has an address of its own, decoded; undefined: the screen as a whole. */
  readonly part: string | undefined;
  /** `name=value&…`, as it stands there; empty where there is none. */
  readonly values: string;
}

/** Reads what stands behind the page's address, with its `#` or without. Never throws: what is no screen is the first one. */
export function readAddress(hash: string): Address {
  const [path = '', ...values] = hash.replace(/^#/, '').split('?');
  const [name = '', ...parts] = path.split('/');
  const screen = SCREEN_NAMES.find((known) => known === name);
  const part = decode(parts.join('/'));
  if (screen === undefined) return { screen: 'ask', part: undefined, values: '' };
  return { screen, part: part === '' ? undefined : part, values: values.join('?') };
}

/** The address with its `#`. @param values pairs, in the order in which they are to stand there. */
export function writeAddress(
  screen: Screen,
  part?: string,
  values: readonly (readonly [string, string])[] = [],
): string {
  const path = part === undefined ? screen : `${screen}/${part.split('/').map(encodeURIComponent).join('/')}`;
  return values.length === 0 ? `#${path}` : `#${path}?${writeValues(values)}`;
}

/** Readable where the fragment of an address allows it. */
function writeValues(values: readonly (readonly [string, string])[]): string {
  const text = new URLSearchParams(values.map(([name, value]) => [name, value])).toString();
  return text.replaceAll('%2C', ',').replaceAll('%3A', ':').replaceAll('%2F', '/');
}

function decode(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
