// What fills the slots of sayings: words of lists, and numbers, letters and signs without sense.
import type { Rng } from '../../lib/rng';
import { lines } from './lines';

const words = (text: string) => lines(text.trim().replace(/\s+/g, '|'));

export const SLOTS: Readonly<Record<string, readonly string[]>> = {
  you: ['model', 'friend', 'my friend', 'robot', 'soliloquy'],
  city: lines(
    'paris | london | berlin | tokyo | new york | rome | madrid | cairo | beijing | oslo | lima | vienna | hamburg | kyoto',
  ),
  city2: words('moscow delhi boston sydney munich seoul'),
  land: lines(
    'france | germany | china | japan | spain | italy | egypt | canada | norway | kenya | the world | india | chile | the moon',
  ),
  day: lines(
    'today | tomorrow | tonight | on sunday | next week | this evening | in the morning | at night | last year',
  ),
  noun: words(`
    sun moon sky sea dog cat horse bread love life music football tea coffee car train house flower tree river winter school
    book film computer phone god time war peace sugar cheese pizza rice king queen garden window bird fish wall road door shoe
    hat stone fire snow ice wind star box chair table lamp knife spoon cake milk egg salt apple lion bear wolf mouse snake
    frog boat plane ship bridge city town farm field hill beach island desert forest clock ring coin bank shop game ball song
    word letter picture camera radio paper pen doctor brain heart hand foot eye nose mouth hair blood sleep dream fear joke
    money work job
  `),
  famous: lines(
    'einstein | newton | mozart | shakespeare | napoleon | the president | gandhi | bach | picasso | the pope | darwin | plato',
  ),
  colour: words('red blue green white black yellow cold big beautiful old warm soft new dark heavy sweet dry'),
  size: words('tall big small heavy strong fast clever slow rich young'),
  most: words('tallest biggest oldest fastest best worst longest smallest hottest deepest'),
  verb: words(
    'buy paint fix cook build find read see sell drive eat wash cut move break carry clean hide lift push send',
  ),
  past: words('bought painted fixed cooked built found read saw sold lost washed broke carried made took liked'),
  worker: words('doctor teacher cook farmer pilot nurse singer painter driver king soldier writer judge baker'),
  tongue: words('french german chinese spanish english latin russian'),
  text: words('joke story poem letter song secret lie'),
  feast: lines('christmas | easter | new year | my birthday | the holidays | ramadan | halloween'),
  feeling: words('sad happy tired hungry bored ill cold angry funny nice stupid smart late ready busy'),
  word: words(`
    about after again all always and any as at away back before begin black bring but by call can clean cold come could cut
    day did do does down draw eat every fall far fast find first five fly for found from full get give go good got grow had
    has have he her here him his hold hot hurt if in into is it its jump just keep kind know laugh let light like little live
    long look made make many may more much must my new not now of off old on once only our out over own pick play pretty pull
    put ran read ride round run said saw say seven shall she show sit small so some soon start sure take than that the their
    them then there these they think this those three today too try under up upon us use very walk want warm was wash we went
    were which white will wish with work would write you your
  `),
  person: words('Tom Mia Ben Ann Sam Lily'),
  things: words('apples oranges eggs balls cups shells'),
  german: words(
    'ich wir haben und nicht heute morgen gut sehr danke bitte wo wann warum haus katze wasser brot schule dein kann gehen immer',
  ),
  french: words(
    'je tu nous avez est les une dans avec pour pas oui non chat maison eau rouge demain bonsoir salut comment pourquoi',
  ),
  spanish: words('yo tu la los una con para si adios casa perro agua hoy manana por que cuando quien tengo quiero mi'),
  italian: words('io sono una casa bella grazie ciao domani non eu nao sim obrigado bom dia voce sera notte'),
  nordic: words('jag ar inte tack god morgon hej kan och med en et det er jeg ikke mina olen kiitos hyvaa'),
  slavic: words('ja ty dom voda nie tak spasibo privet dobre jutro gde moj brat dva tri kto chto'),
  asian: words('watashi wa desu sayonara ohayo sushi kamsa wo shi xie zai jian zhong guo sensei neko xin chao'),
  latin: words('ego sum rex aqua bonus non et in terra pax deus vita mare luna sol'),
  maths: words(
    'asin sec csc sign det rank len ord hex bin var mean acos tanh erf gamma avg median power root cube hypot atan prod trunc',
  ),
  between: words('over by per xor div or and into under versus upon from'),
  count: words('two five six ten eleven fifteen twenty thirty fifty sixty hundred'),
  unit: words(
    'metres inches pounds kilos litres hours weeks years euros dollars yards grams minutes months acres volts',
  ),
  code: words(
    'def import while return if else let const echo cd ls sudo git make curl insert drop update new null true class void',
  ),
  letter: words('b c d g h k m p q r s v w'),
  zhCity: ['北京', '上海', '巴黎'],
  zhLand: ['中国', '法国', '日本'],
  zhNoun: [...'天雨歌诗月花狗猫爱书'],
  zhThing: ['苹果', '橘子', '鸡蛋', '球', '杯子', '贝壳'],
  zhName: ['小明', '小红', '小刚', '小丽', '小华', '小芳'],
  zhColour: ['红', '蓝', '白'],
  zhMix: [
    ...'有个盒他她比多少的是倍几好早上晚谁叫名字人会能做我问再见安明天今气样下雨在哪里都写一诗说笑话唱歌颜色吃为日子现时间不',
  ],
};

/** A slot that is drawn in place of looked up, and what is ever drawn. */
interface DrawnSlot {
  readonly draw: (rng: Rng) => string;
  readonly pattern: RegExp;
}

const text = (rng: Rng, least: number, most: number, pieces: readonly string[]) =>
  Array.from({ length: rng.integer(least, most) }, () => rng.pick(pieces)).join('');

const number: DrawnSlot = { draw: (rng) => `${rng.integer(2, rng.pick([9, 99, 999]))}`, pattern: /^\d{1,3}$/ };

/** No word of either language is made of these alone. */
const CONSONANTS = 'bcdfghjklmnpqrstvwxz';
const ALPHABET = 'abcdefghijklmnopqrstuvwxyz';
/** Letters that hardly ever end a word. */
const RARE = 'qxzjvw';
const SYLLABLES = words('ba de ki lo mu ra te so vi na pe zu fo gi sha tro ble cra nin dor wen pal gor tib fus mer');
// Without marks that may end a saying.
const SIGNS = '0123456789xyz+-*/^()<>=,|%';
/** Signs that no task has. */
const FOREIGN_SIGNS = '&#@$~;_';

export const DRAWN_SLOTS: Readonly<Record<string, DrawnSlot>> = {
  n: number,
  m: number,
  k: number,
  big: { draw: (rng) => `${rng.integer(10, 999)}`, pattern: /^\d{2,3}$/ },
  junk: { draw: (rng) => text(rng, 3, 8, [...CONSONANTS]), pattern: new RegExp(`^[${CONSONANTS}]{3,8}$`) },
  mash: {
    draw: (rng) => text(rng, 3, 7, [...ALPHABET]) + text(rng, 2, 2, [...RARE]),
    pattern: new RegExp(`^[a-z]{3,7}[${RARE}]{2}$`),
  },
  babble: { draw: (rng) => text(rng, 2, 4, SYLLABLES), pattern: new RegExp(`^(?:${SYLLABLES.join('|')}){2,4}$`) },
  signs: {
    draw: (rng) =>
      text(rng, 1, 5, [...SIGNS]) + rng.pick([...FOREIGN_SIGNS]) + text(rng, 1, 5, [...SIGNS, ...FOREIGN_SIGNS]),
    pattern: /^[-0-9xyz+*/^()<>=,|%]{1,5}[&#@$~;_][-0-9xyz+*/^()<>=,|%&#@$~;_]{1,5}$/,
  },
};
