// Stories read as people type them: case, spaces and punctuation do not matter, nor whether a name or a pronoun stands.
import type { Language } from '../task';
import { MAX_CHARACTERS, plainCharacters } from '../typed';
import { type Ending, isSound, type Story, type StoryEvent } from './story';
import { NAMES, THINGS, VERBS } from './storyWords';

const oneOf = (words: readonly string[]) => words.map((word) => word.trim().toLowerCase()).join('|');

/** The pattern of a sentence: `NAME` and the like stand for named groups, each at most once; `OTHER` is another name. */
function sentence(language: Language, text: string): RegExp {
  const names = oneOf(NAMES[language]);
  const source = text
    .replace('NAME', `(?<name>${names})`)
    .replace('OTHER', `(?<other>${names})`)
    .replaceAll('THING', `(?:${oneOf(THINGS[language])})`)
    .replace('WHAT', `(?<thing>${oneOf(THINGS[language])})`)
    .replace('VERB', `(?<verb>${oneOf(VERBS.map((verb) => verb[language]))})`)
    .replace('NUMBER', '(?<number>\\d{1,4})')
    .replace('COUNT', '(?<count>\\d{1,4})');
  return new RegExp(source, 'y');
}

const SENTENCES = {
  en: {
    plain: 'NAME has NUMBER WHAT ',
    boxes: 'NAME has COUNT boxes (?:with|of) NUMBER WHAT (?:in )?each ',
    event:
      '(?:(?<and>and|then) )*(?<subject>(?:he|she|NAME) )?(?:then )?VERB NUMBER (?:more )?(?:THING )?(?:to OTHER )?',
    more: 'OTHER has NUMBER more (?:THING )?than NAME ',
    fewer: 'OTHER has NUMBER (?:fewer|less) (?:THING )?than NAME ',
    times: 'OTHER has NUMBER times as many (?:THING )?as NAME ',
    share: '(?:he|she|NAME) puts (?:them|the THING) (?:equally )?into NUMBER bags (?:equally )?',
    askCount: 'how many WHAT does NAME have (?:now |left |in all )*$',
    askTogether: 'how many WHAT do they have (?:now |together |in all )*$',
    askShare: 'how many WHAT are (?:there )?in each bag $',
  },
  zh: {
    plain: 'NAME有NUMBER个WHAT',
    boxes: 'NAME有COUNT盒WHAT每盒(?:有)?NUMBER个',
    event: '(?:然后|又)?(?<subject>他|她|NAME)?(?:又|再)?VERB(?:OTHER)?NUMBER个(?:THING)?',
    more: 'OTHER比NAME多NUMBER个',
    fewer: 'OTHER比NAME少NUMBER个',
    times: 'OTHER的THING是NAME的NUMBER倍',
    share: '(?:他|她|NAME)?把(?:它们|THING)平均装进NUMBER个袋子',
    askCount: 'NAME(?:现在)?(?:一共)?(?:还)?有(?:几|多少)个?WHAT$',
    askTogether: '他们(?:现在)?一共有(?:几|多少)个?WHAT$',
    askShare: '每个袋子(?:里)?有(?:几|多少)个?WHAT$',
  },
} as const;

type Sentence = keyof (typeof SENTENCES)['en'];

const PATTERNS = Object.fromEntries(
  (['en', 'zh'] as const).map((language) => [
    language,
    Object.fromEntries(Object.entries(SENTENCES[language]).map(([name, text]) => [name, sentence(language, text)])),
  ]),
) as Record<Language, Record<Sentence, RegExp>>;

/** What a sentence said: places of names, things and verbs, and its numbers. */
interface Said {
  readonly name: number | undefined;
  readonly other: number | undefined;
  readonly thing: number | undefined;
  readonly verb: number;
  readonly number: number;
  readonly count: number;
  readonly hasSubject: boolean;
}

/** Reads a text sentence by sentence from its beginning. */
class Reader {
  #place = 0;

  constructor(
    private readonly text: string,
    private readonly language: Language,
  ) {}

  get isAtEnd(): boolean {
    return this.#place === this.text.length;
  }

  /** What the sentence says, if it comes next. */
  take(name: Sentence): Said | undefined {
    const { language } = this;
    const pattern = PATTERNS[language][name];
    pattern.lastIndex = this.#place;
    const match = pattern.exec(this.text);
    if (match === null) return undefined;
    this.#place = pattern.lastIndex;
    const { groups = {} } = match;
    const placeOf = (words: readonly string[], word: string | undefined) =>
      word === undefined ? undefined : words.findIndex((known) => known.trim().toLowerCase() === word);
    return {
      name: placeOf(NAMES[language], groups.name),
      other: placeOf(NAMES[language], groups.other),
      thing: placeOf(THINGS[language], groups.thing),
      verb:
        placeOf(
          VERBS.map((verb) => verb[language]),
          groups.verb,
        ) ?? -1,
      number: Number(groups.number),
      count: Number(groups.count),
      hasSubject: groups.subject !== undefined,
    };
  }
}

/** The story that a question tells; undefined if it tells none, or one that makes no sense. */
export function readStory(question: string): Story | undefined {
  if (question.length > MAX_CHARACTERS) return undefined;
  const plain = plainCharacters(question)
    .toLowerCase()
    .replace(/[.,!?;:。、]/g, ' ');
  const isChinese = /\p{Script=Han}/u.test(plain);
  // Two numbers side by side are none.
  if (/\d\s+\d/.test(plain)) return undefined;
  const text = isChinese ? plain.replace(/\s+/g, '') : `${plain.trim().replace(/\s+/g, ' ')} `;
  return readSentences(new Reader(text, isChinese ? 'zh' : 'en'), isChinese ? 'zh' : 'en');
}

function readSentences(reader: Reader, language: Language): Story | undefined {
  const boxed = reader.take('boxes');
  const first = boxed ?? reader.take('plain');
  if (first?.name === undefined || first.thing === undefined) return undefined;
  const events: StoryEvent[] = [];
  const others: (number | undefined)[] = [];
  for (let said = reader.take('event'); said; said = reader.take('event')) {
    if ((said.name ?? first.name) !== first.name) return undefined;
    const isGift = VERBS[said.verb]?.isGift === true;
    if (isGift !== (said.other !== undefined)) return undefined;
    events.push({ verb: said.verb, number: said.number, isJoined: events.length > 0 && !said.hasSubject });
    if (isGift) others.push(said.other);
  }
  const ending = readEnding(reader, first.name, first.thing);
  if (ending === undefined || !reader.isAtEnd) return undefined;
  others.push(ending.other);
  const named = [...new Set(others.filter((other) => other !== undefined))];
  const [other = (first.name + 1) % NAMES.en.length] = named;
  const story = {
    language,
    who: first.name,
    other,
    thing: first.thing,
    start: first.number,
    boxes: boxed?.count,
    events,
    ending: ending.ending,
  };
  return named.length <= 1 && other !== first.name && isSound(story) ? story : undefined;
}

/** The last told sentence, if one belongs to the question, and the question. */
function readEnding(
  reader: Reader,
  who: number,
  thing: number,
): { readonly ending: Ending; readonly other?: number | undefined } | undefined {
  const shared = reader.take('share');
  if (shared) {
    const asked = reader.take('askShare');
    return asked?.thing === thing ? { ending: { kind: 'share', number: shared.number } } : undefined;
  }
  for (const by of ['more', 'fewer', 'times'] as const) {
    const compared = reader.take(by);
    if (!compared) continue;
    const { other, number } = compared;
    const ofOne = reader.take('askCount');
    const asked = ofOne ?? reader.take('askTogether');
    const isFit = compared.name === who && asked?.thing === thing && (ofOne === undefined || ofOne.name === other);
    return isFit ? { ending: { kind: 'compare', by, number, isTogether: ofOne === undefined }, other } : undefined;
  }
  const asked = reader.take('askCount');
  return asked?.thing === thing && asked.name === who ? { ending: { kind: 'count' } } : undefined;
}
