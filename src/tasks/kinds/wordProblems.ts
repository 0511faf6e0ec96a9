// The task word_problems: a short story in numbers, in English or Chinese, told in one to three calculations.
// `Tom has 12 apples. He buys 7 more. How many apples does Tom have?` → `Now there are 12+7=19.`
import type { Rng } from '../../lib/rng';
import { completeDifficulty } from '../difficulty';
import { verifyInteger } from '../integers';
import { drawStory } from '../stories/drawStory';
import { readStory } from '../stories/readStory';
import { type Story, type StoryStep, stepsOf } from '../stories/story';
import { storyStanding } from '../stories/storySteps';
import { LEADS, NAMES, STORY_CHARACTERS, STORY_WORDS } from '../stories/storyWords';
import { tellStory } from '../stories/tellStory';
import type { Difficulty, Language, Problem, Task, ThinkingStyle } from '../task';
import { speaker, wordsOf } from '../words';

const NAME = 'word_problems';

const DIALS = [
  { name: 'max_steps', min: 1, max: 3, default: 3, label: { en: 'Most calculations', zh: '最多计算步数' } },
  { name: 'max_number', min: 20, max: 999, default: 99, label: { en: 'Largest number', zh: '最大的数' } },
  {
    name: 'chinese',
    min: 0,
    max: 100,
    default: 50,
    label: { en: 'Stories in Chinese, percent', zh: '中文题的百分比' },
  },
] as const;

const write = ({ left, operator, right, result }: StoryStep) => `${left}${operator}${right}=${result}`;

function problemOf(story: Story): Problem {
  const steps = stepsOf(story);
  return {
    task: NAME,
    question: tellStory(story),
    answer: `${steps.at(-1)?.result}`,
    // The same numbers in other words or in the other language are the same problem.
    canonical: steps.map(write).join(),
  };
}

function generate(rng: Rng, difficulty: Difficulty): Problem {
  const { max_steps = 1, max_number = 20, chinese = 0 } = completeDifficulty(DIALS, difficulty);
  const language = rng.uniform() * 100 < chinese ? 'zh' : 'en';
  return problemOf(drawStory(rng, { language, maxSteps: max_steps, maxNumber: max_number }));
}

function isWithin({ question }: Problem, difficulty: Difficulty): boolean {
  const { max_steps = 1, max_number = 20, chinese = 0 } = completeDifficulty(DIALS, difficulty);
  const story = readStory(question);
  if (story === undefined || (story.language === 'en' ? chinese === 100 : chinese === 0)) return false;
  const steps = stepsOf(story);
  const isNumber = ({ left, right, result }: StoryStep) => Math.max(left, right, result) <= max_number;
  return steps.length <= max_steps && steps.every(isNumber);
}

function think(problem: Problem, style: ThinkingStyle, rng: Rng): string {
  const story = readStory(problem.question);
  if (story === undefined) throw new Error(`${problem.question} is no story of this task`);
  const steps = stepsOf(story);
  const say = speaker(style, rng);
  const slipAt = style.selfCheck ? rng.integer(0, steps.length - 1) : -1;
  return steps
    .map((step, index) => {
      const language: Language = style.language === 'mixed' ? rng.pick(['en', 'zh']) : style.language;
      const calculation = write(step);
      const slip = `${write({ ...step, result: step.result + rng.pick([1, 2, 3]) })}${say('wait')}`;
      const end = language === 'en' ? (index < steps.length - 1 ? '. ' : '.') : '。';
      return `${leadOf(step, story, language)}${index === slipAt ? slip : ''}${calculation}${end}`;
    })
    .join('');
}

function leadOf({ lead }: StoryStep, { other }: Story, language: Language): string {
  if (lead === 'compare') return `${NAMES[language][other]}${language === 'en' ? ' has ' : '有'}`;
  return LEADS[lead][language];
}

/** The last number told, one that is a little off, or a slip in the last calculation. */
function blunder({ question, answer }: Problem, rng: Rng): string {
  const story = readStory(question);
  const { left = 0, right = 0 } = (story && stepsOf(story).at(-1)) ?? {};
  const off = Number(answer) + rng.pick([-10, -3, -2, -1, 1, 2, 3, 10]);
  const wrong = rng.chance(0.4) ? rng.pick([left, right, left + right]) : off;
  return `${wrong < 0 || wrong === Number(answer) ? Number(answer) + 1 : wrong}`;
}

export const task = {
  name: NAME,
  place: 7,
  // Runs of the mixture that were begun without this task go on with the problems they had.
  mixtureWeight: 0,
  about: {
    en: {
      label: 'Word problems',
      knows:
        'short stories in numbers up to {{max_number}}, of at most {{max_steps}} calculations, in English and Chinese',
      size: 'up to {{max_steps}} calculations, numbers up to {{max_number}}',
    },
    zh: {
      label: '应用题',
      knows: '中英文应用题，数不超过 {{max_number}}，最多 {{max_steps}} 步',
      size: '最多 {{max_steps}} 步，数不超过 {{max_number}}',
    },
  },
  dials: DIALS,
  words: [...STORY_WORDS, ...wordsOf('wait')],
  characters: STORY_CHARACTERS,
  examples: [
    'Sam has 83 balls. He sells 7. He loses 13. How many balls does Sam have?',
    '小芳有38个贝壳。小丽比小芳多37个。小丽有几个贝壳？',
    'Ann has 49 cups. She puts them into 7 bags equally. How many cups are in each bag?',
    '小刚有9个苹果。他买了60个。他把它们平均装进3个袋子。每个袋子有几个苹果？',
    'Sam has 74 shells. He buys 19 more. He puts them into 3 bags equally. How many shells are in each bag?',
  ],
  grade: {
    name: 'steps',
    of({ question }) {
      const story = readStory(question);
      return story ? stepsOf(story).length : 0;
    },
  },
  generate,
  isWithin,
  think,
  blunder,
  verify: verifyInteger,
  standing(question) {
    const story = readStory(question);
    return story && storyStanding(stepsOf(story));
  },
  parse(question) {
    const story = readStory(question);
    return story && problemOf(story);
  },
} satisfies Task;
