// What people ask and say that no task of the project has. Many kinds, so that not knowing is what is left where nothing fits.
import type { Language } from '../task';
import { lines } from './lines';

interface Said {
  readonly language: Language;
  readonly said: readonly string[];
}

const QUESTIONS = lines(`
  what is the weather in {city} | how is the weather {day} | will it rain {day} | what is the capital of {land}
  what is {noun} | what is the meaning of {noun} | what colour is the {noun} | what time is it in {city}
  what do you think of {noun} | which {noun} is the best | who is the king of {land} | who was the first man on the {noun}
  who wrote {noun} | who invented the {noun} | where is {city} | where can i buy a {noun} | when was {famous} born
  when does the {noun} start | why is the {noun} {colour} | why do people love {noun} | how old is {famous}
  how far is {city} from {city2} | how do i cook {noun} | how tall is {famous} | how many people live in {land}
  is {noun} {colour} | are there any {noun}s in {land} | do you like {noun} | do you love me | can you {verb} a {noun}
  can you speak {tongue} | what is the news {day} | what should i {verb} {day} | who lives in {city} | who was {famous}
  who found {land} | who is the best {worker} in {land} | who {past} the {noun} | who {past} {city} | who has a {noun}
  what does a {worker} do | what does a {noun} weigh | what does {noun} mean in {tongue} | what happens to the {noun} {day}
  what kind of {noun} is this | what can a {noun} do | what do {noun}s need | what is inside a {noun} | what was {land} like
  what is the {most} {noun} in {land} | what is the {most} {noun} | what is the size of {land} | what is the price of a {noun}
  what is my {noun} | what am i | what are {noun}s for | what did {famous} do | what about {noun} | what {noun} do you like
  where do {noun}s come from | where is my {noun} | where did {famous} die | where was the {noun} made | where are we
  where am i | where are you from | where can i find a {worker} | where do you keep the {noun} | where does the {noun} end
  when is {feast} | when did {famous} die | when will the {noun} come | when was {city} built | when do we eat {noun}
  when can i {verb} it | why are {noun}s {colour} | why does the {noun} move | why did {famous} leave {land}
  why am i {feeling} | why is there {noun} | why should i {verb} the {noun} | why not {noun} | how does a {noun} work
  how do you {verb} a {noun} | how big is {land} | how much does a {noun} cost | how many {noun}s are in {land}
  how long does {noun} last | how can i become a {worker} | how can i {verb} a {noun} | how are {noun}s made | how was {land}
  how hot is the {noun} | how fast is a {noun} | how {size} are you | how do i get to {city} | how many days are in {feast}
  is there a {noun} in {city} | is it {colour} {day} | is {city} in {land} | is this a {noun} | is my {noun} {colour}
  is {famous} {feeling} | are you {feeling} | are you {size} | are you a {worker} | are you in {city} | are we {feeling}
  are {noun}s {colour} | do you have a {noun} | do you eat {noun} | do you know {famous} | do you know the {noun}
  do you dream | do i need a {noun} | do {noun}s like {noun} | does a {noun} {verb} | does it {verb}
  did you {verb} my {noun} | did {famous} like {noun} | can i {verb} you | can you hear the {noun} | can a {noun} {verb}
  can we {verb} a {noun} | could you {verb} it | will {land} win | will you {verb} it | will it be {colour} {day}
  would you {verb} a {noun} | should i {verb} the {noun} | have you seen my {noun} | have you ever {past} a {noun}
  were you in {city} | was {famous} a {worker} | what if {noun} is {colour} | which {noun} do you like
  which {worker} {past} it | whose {noun} is this | how about a {noun} | what makes you {feeling}
  what made {famous} {feeling} | who taught you {tongue} | who owns the {noun} | which is better {noun} or {noun}
`);

const REMARKS = lines(`
  write a poem about {noun} | write me a {text} about {noun} | tell me a {text} | tell me about {famous}
  explain {noun} to me | translate {noun} into {tongue} | sing a song | play {noun} | draw a {noun}
  give me a recipe for {noun} | please {verb} my {noun} | i want to {verb} a {noun} | i am {feeling} | my {noun} is {colour}
  the {noun} is {feeling} | name a famous {noun} | {famous} | {city} | {noun} | {land} | {worker} | {feeling} | {feast}
  {tongue} | {word} | {word} {word} | {word} {word} {word} | {word} {word} {word} {word} | {noun} {noun} | {noun} in {city}
  {noun} of {land} | {most} {noun} | {most} {noun} in {land} | {noun} and {noun} | {colour} {noun} | a {noun} | the {noun}
  my {noun} | no {noun} | {verb} {noun} | {verb} the {noun} | {verb} it {day} | {verb} me a {noun} | give me a {noun}
  bring the {noun} to {city} | find a {worker} | call the {worker} | go to {city} | come {day} | stop it | wait a bit
  let us {verb} a {noun} | let me {verb} | do not {verb} it | look at the {noun} | i {past} a {noun} | i {past} it
  i like {noun} | i hate {noun} | i have a {noun} | i need a {worker} | i live in {city} | i think you are {feeling}
  i feel {feeling} {day} | i will {verb} it {day} | i saw {famous} | i have never {past} a {noun} | you are {feeling}
  you are {size} | you are a {worker} | you {past} it | you and i | we {past} the {noun} | we are {feeling} | he is a {worker}
  she {past} a {noun} | they {past} {city} | it is {colour} | it is {feeling} | it was a {noun} | that is {colour}
  that is a {noun} | this is my {noun} | this is {feeling} | there is a {noun} in the {noun} | the {noun} {past} the {noun}
  the {worker} {past} a {noun} | all {noun}s are {colour} | some {noun}s {verb} | {noun}s {verb} | {famous} {past} {noun}
  {famous} was {feeling} | {land} is {size} | {noun} is {colour} and {colour} | how {feeling} | what a {noun} | so {feeling}
  very {size} | good {noun} | happy {feast} | list the {noun}s of {land} | show me a {noun} | describe the {noun}
  compare {noun} and {noun} | buy me a {noun} | read me a {text} | write a {text} | learn {tongue} | speak {tongue}
  say {noun} | spell {noun} | think of a {noun} | guess my {noun} | {text} about {noun} | where the {noun} is
  once there was a {noun} | one day a {worker} {past} a {noun}
`);

/** About people and things of the word problems, and yet none. */
const NEAR_STORIES = lines(`
  {person} has {n} {things}. what colour are they | why does {person} have {n} {things} | how old is {person}
  who is {person} | where does {person} live | where is {person} | what does {person} like | does {person} have a {noun}
  does {person} like {things} | is {person} {feeling} | is {person} a {worker} | {person} is {feeling} | {person} | {things}
  {person} and {person} | {person} has {n} {things} | {person} has a {noun}. how old is it
  {person} has a {noun}. where is it | {person} buys {n} {things}. why | {person} sells {n} {things}. to whom
  {person} eats the {things} | what are {things} | do {things} {verb} | how do i cook {things} | how big are {things}
  where are the {things} | who eats {things} | {person} loves {person}. is {person} {feeling}
  who is {size}, {person} or {person} | when will {person} come | what is the name of {person} | why is {person} {feeling}
  {person} is {size}. how {size} is {person} | {person} gives {person} a {noun}. what is it | tell me about {person}
  who does {person} like | {n} {things} | how {size} is {person} | are {things} {size} | what do {things} cost in {land}
  {person} lives in {city}. where is {person} | {person} is a {worker}
`);

const OTHER_TONGUES = lines(`
  bonjour | comment allez vous | je ne sais pas | wie geht es dir | guten morgen | ich bin {feeling} | hola | que tal
  como te llamas | buon giorno | konnichiwa | {german} {german} | {german} {german} {german}
  {german} {german} {german} {german} | {french} {french} | {french} {french} {french} | {french} {french} {french} {french}
  {spanish} {spanish} | {spanish} {spanish} {spanish} | {italian} {italian} | {italian} {italian} {italian}
  {nordic} {nordic} | {nordic} {nordic} {nordic} | {slavic} {slavic} | {slavic} {slavic} {slavic} | {asian} {asian}
  {asian} {asian} {asian} | {latin} {latin} | {latin} {latin} {latin} | {german} | {french} | {spanish} | {italian} | {nordic}
  {slavic} | {asian} | {latin}
`);

const NOISE = lines(`
  {junk} | {junk} {junk} | {junk} {junk} {junk} | {mash} | {mash} {mash} | {babble} | {babble} {babble}
  {babble} {babble} {babble} | {babble} {babble} {babble} {babble} | {signs} | {signs} {signs} | {babble} {n} | {n} {babble}
  {junk}{n} | {junk}_{junk} | {babble}({babble}) | {babble} = {babble} | {babble}.{babble} | {babble}/{babble}
  {babble}, {babble} | "{babble}" | ({babble}) | <{babble}> | {babble}: {n} | {babble} -{junk} {babble} | {n}{junk}
  {junk} {n} {junk} | {babble}@{babble}.{junk} | {code} {babble} | {code}({babble}) | {code} {babble} {code} | {code}
  {code} {n} | {code}({n}) | {code} {babble} = {n}
`);

const FORMULAS = lines(`
  sin({n}) | cos({n}) | tan({n}) | log({n}) | ln({n}) | exp({n}) | sqrt({n}) | abs(-{n}) | {n}! | {n}^{m} | {n}%{m} | {n}/{m}
  {n}/{m}= | {n}.{m}+{k}.{m} | ({n}+{m})*{k} | {n}*{m}+{k} | {n}*{m}*{k} | {n}>{m} | {n}<{m} | is {n} prime
  is {n} even or odd | x^2={n} | y+{n}={m} | a*b={n} | x+y={n} | solve y^2={n} | pi | integrate x^{n} | d/dx x^{n}
  gcd({n},{m}) | max({n},{m}) | what is the root of {n} | what is half of {n} | roman numeral for {n} | count to {n}
  {maths}({n}) | {maths}({n}) | {maths}({n}.{m}) | {maths}({n},{m}) | {maths}({n}, {m}) | {maths} {n} | {maths}(x)
  {maths}({n})+{m} | {babble}({n}) | {babble}({n}, {m}) | {n} {between} {m} | {n} {between} {m} | {count} {between} {count}
  {count} plus {count} | {count} times {count} | {count} minus {count} | what is {count} {between} {count} | {count}
  {n} {unit} | {n} {unit} in {unit} | {n} {unit} to {unit} | how many {unit} are {n} {unit} | how many {unit} are in a {unit}
  what is {n} percent of {m} | {n}% of {m} | {n}.{m} | {n}.{m}*{k} | {n}.{m}-{k} | {n} - {m}.{k} | 1.{n} * {m} | {n}+{m}/{k}
  {n}/{m}-{k} | {n}*({m}-{k}) | ({n}-{m})*({k}+{n}) | ({n}*{m})-{k} | {big}**{m} | {big}//{m} | {n}^{m}^{k} | {n}^{m}+{k}
  -{n}^{m} | [{n},{m}] | [{n}, {m}] | {{n},{m}} | {big} | {n}:{m} | {n}={m} | {n}<{m}<{k} | x<{n} | {n}<x | {n}x>{m}
  {n}x<{m} | x+{n}>{m} | y={n}x | y = x - {n} | z+{n}={m} | {n}z={m} | a-{n}={m} | ab={n} | x^2+{n}={m} | {n}x^2={m}
  x^3-{n}=x | x^{big}={m} | {n}x^2-{m}x={k} | xy={n} | 0x{big} | {n}e{m} | 1e{n}*{m} | f(x)={n}x | f({n}) | f({n})={m}
  what is f({n}) | the sum of {n} and {m} | the difference of {n} and {m} | {n} mod {big} | sum from {n} to {m}
  mean of {n}, {m}, {k} | the square of {n} | a quarter of {n} | double {n} | next after {n} | round {n}.{m} | digits of {n}
  divisors of {n} | is {n} a square | {n} in binary | {n} squared | {n} cubed | half of {n} | convert {n} to binary
  what is {maths} of {n} | limit of x^{n} | plot {maths}(x) | prove that {n} is prime | {n}x+{m}y={k} | what day is {n} may
  {n} o clock | year {n} | page {n} | room {n} | number {n} | {n} | {n} {noun}s | {letter} = {n}{letter}
  {letter}+{letter}={letter}{n} | {letter}{n}{letter} | {letter}{n} {letter}{m} | {letter}{letter}{n}
`);

const IN_CHINESE = lines(`
  今天天气怎么样 | 明天会下雨吗 | {zhCity}在哪里 | {zhCity}的天气怎么样 | {zhLand}的首都是哪里 | 写一首诗 | 写一首{zhNoun}的诗 | 说个笑话 | 唱一首歌 | 你喜欢{zhNoun}吗
  你喜欢{zhThing}吗 | {zhNoun}是什么 | {zhNoun}是什么颜色 | {zhThing}是什么颜色 | {zhThing}好吃吗 | 怎么做{zhThing} | 哪里有{zhThing}
  为什么{zhNoun}是{zhColour}的 | 谁是{zhName}的妈妈 | {zhName}是谁 | {zhName}在哪里 | {zhName}喜欢什么 | 今天是什么日子 | 现在是什么时间 | 我喜欢{zhNoun} | 我不会唱歌
  {n}的名字是什么 | {zhName}为什么不喜欢{zhThing} | {zhCity}有{zhNoun}吗 | {zhCity}好吗 | 我爱{zhCity} | {zhName}爱{zhNoun} | {zhNoun}在哪里
  {zhNoun}会{zhNoun}吗 | 谁有{zhThing} | 谁会写{zhNoun} | {zhLand}有多少人 | {zhLand}在哪里 | 我不喜欢{zhNoun} | {zhName}会说话吗 | 怎么样写{zhNoun}
  明天是什么日子 | 晚上做什么好 | 我吃什么好 | {zhNoun}好吗 | {zhThing}在哪里 | {zhThing}是{zhColour}色的吗 | 小{zhNoun}在哪里 | {zhName}有几个{zhNoun}人
  {zhName}是{zhLand}人吗 | {zhColour}{zhNoun} | {zhNoun}{zhNoun} | {zhThing} | {zhName} | {zhCity} | 你会说{zhLand}话吗 | 你有{zhThing}吗
  你的{zhNoun}在哪里 | 我有一首{zhNoun} | 他是谁 | 她为什么不吃{zhThing} | 你妈妈是谁 | 几时下雨 | {zhMix}{zhMix} | {zhMix}{zhMix}{zhMix}
  {zhMix}{zhMix}{zhMix}{zhMix} | {zhMix}{zhMix}{zhMix}{zhMix}{zhMix} | {zhMix}{zhMix}吗 | {zhMix}{zhMix}{zhMix}是什么
  什么是{zhMix}{zhMix} | 为什么{zhMix}{zhMix} | 怎么{zhMix}{zhMix} | 谁{zhMix}{zhMix}{zhMix}
`);

/** Each as likely as the next of its language. */
export const OUTSIDE_SAID: readonly Said[] = [
  { language: 'en', said: QUESTIONS },
  { language: 'zh', said: IN_CHINESE },
  { language: 'en', said: REMARKS },
  { language: 'en', said: NEAR_STORIES },
  { language: 'en', said: OTHER_TONGUES },
  { language: 'en', said: NOISE },
  { language: 'en', said: FORMULAS },
];
