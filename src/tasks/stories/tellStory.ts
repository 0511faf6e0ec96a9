// Stories written: `Tom has 12 apples. He buys 7 more and gives 5 to Mia. How many apples does Tom have?`
import type { Ending, Story } from './story';
import { NAMES, THINGS, VERBS } from './storyWords';

/** The question of a story. */
export const tellStory = (story: Story): string => (story.language === 'en' ? tellEnglish(story) : tellChinese(story));

function tellEnglish({ who, other, thing, start, boxes, events, ending }: Story): string {
  const [name, otherName, things] = [NAMES.en[who], NAMES.en[other], THINGS.en[thing]] as [string, string, string];
  const subject = who % 2 === 0 ? ' He' : ' She';
  const first = boxes === undefined ? `${start}${things}` : `${boxes} boxes with ${start}${things} each`;
  const told = events.map(({ verb, number, isJoined }) => {
    const { en, sign, isGift } = VERBS[verb] as (typeof VERBS)[number];
    const tail = isGift ? ` to ${otherName}` : sign === '+' ? ' more' : '';
    return `${isJoined ? ' and' : `.${subject}`}${en}${number}${tail}`;
  });
  return `${name} has ${first}${told.join('')}.${endEnglish(ending, name, otherName, things, subject)}`;
}

function endEnglish(ending: Ending, name: string, other: string, things: string, subject: string): string {
  const ask = ` How many${things}`;
  if (ending.kind === 'count') return `${ask} does ${name} have?`;
  if (ending.kind === 'share') return `${subject} puts them into ${ending.number} bags equally.${ask} are in each bag?`;
  const { by, number, isTogether } = ending;
  const compared = by === 'times' ? ` times as many${things} as ` : ` ${by}${things} than `;
  const asked = isTogether ? ' do they have together?' : ` does ${other} have?`;
  return ` ${other} has ${number}${compared}${name}.${ask}${asked}`;
}

function tellChinese({ who, other, thing, start, boxes, events, ending }: Story): string {
  const [name, otherName, things] = [NAMES.zh[who], NAMES.zh[other], THINGS.zh[thing]] as [string, string, string];
  const subject = who % 2 === 0 ? '他' : '她';
  const first = boxes === undefined ? `${start}个${things}` : `${boxes}盒${things}，每盒${start}个`;
  const told = events.map(({ verb, number, isJoined }) => {
    const { zh, isGift } = VERBS[verb] as (typeof VERBS)[number];
    return `${isJoined ? '，' : `。${subject}`}${zh}${isGift ? otherName : ''}${number}个`;
  });
  return `${name}有${first}${told.join('')}。${endChinese(ending, name, otherName, things, subject)}`;
}

function endChinese(ending: Ending, name: string, other: string, things: string, subject: string): string {
  const ask = `有几个${things}？`;
  if (ending.kind === 'count') return `${name}现在${ask}`;
  if (ending.kind === 'share') return `${subject}把它们平均装进${ending.number}个袋子。每个袋子${ask}`;
  const { by, number, isTogether } = ending;
  const compared =
    by === 'times'
      ? `${other}的${things}是${name}的${number}倍`
      : `${other}比${name}${by === 'more' ? '多' : '少'}${number}个`;
  return `${compared}。${isTogether ? '他们一共' : other}${ask}`;
}
