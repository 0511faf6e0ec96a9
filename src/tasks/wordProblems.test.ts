import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { rng } from '../lib/rng';
import { task } from './kinds/wordProblems';
import { drawStory } from './stories/drawStory';
import { readStory } from './stories/readStory';
import { stepsOf } from './stories/story';
import { tellStory } from './stories/tellStory';

const bounds = fc.record({
  language: fc.constantFrom('en', 'zh'),
  maxSteps: fc.integer({ min: 1, max: 3 }),
  maxNumber: fc.integer({ min: 20, max: 999 }),
});

describe('a story', () => {
  test('is read back as it was told', () => {
    fc.assert(
      fc.property(fc.nat(), bounds, (seed, bound) => {
        const story = drawStory(rng(seed, 'problem'), bound);
        const read = readStory(tellStory(story));
        expect(tellStory(read ?? story)).toBe(tellStory(story));
        expect(read && stepsOf(read)).toEqual(stepsOf(story));
        expect(stepsOf(story).length).toBeLessThanOrEqual(bound.maxSteps);
      }),
      { numRuns: 5000 },
    );
  });

  test('is read whatever its case, spaces and punctuation', () => {
    fc.assert(
      fc.property(fc.nat(), fc.constantFrom('en', 'zh'), fc.boolean(), (seed, language, isLoud) => {
        const { question } = task.generate(rng(seed, 'problem'), { chinese: language === 'zh' ? 100 : 0 });
        const bare = question.replace(/[.?，。？]/g, language === 'zh' ? '' : ' ');
        const typed = ` ${isLoud ? bare.toUpperCase() : bare.toLowerCase()} `;
        expect(task.parse(typed)?.question).toBe(question);
      }),
      { numRuns: 2000 },
    );
  });

  test.each([
    ['tom has 12 apples, he buys 7 more, then gives 5 apples to Mia. how many apples does tom have now', '14'],
    ['Tom has 12 apples. Tom buys 7. Tom loses 3. How many apples does Tom have left?', '16'],
    ['Mia has 3 boxes with 4 eggs in each. How many eggs does Mia have in all?', '12'],
    ['Ann has 5 cups. Ben has 3 times as many as Ann. How many cups do they have in all?', '20'],
    ['小明有12个苹果,又买了7个,小明现在有多少个苹果?', '19'],
    ['小红有３盒鸡蛋，每盒有４个。小红一共有几个鸡蛋？', '12'],
  ])('%s is %s', (question, answer) => expect(task.parse(question)?.answer).toBe(answer));

  test.each([
    ['has nothing to work out', 'Tom has 12 apples. How many apples does Tom have?'],
    ['gives more than there is', 'Tom has 3 apples. He sells 7. How many apples does Tom have?'],
    ['shares what leaves a rest', 'Tom has 7 eggs. He puts them into 2 bags equally. How many eggs are in each bag?'],
    ['asks for another thing', 'Tom has 7 eggs. He buys 2 more. How many cups does Tom have?'],
    ['asks for another person', 'Tom has 7 eggs. He buys 2 more. How many eggs does Mia have?'],
    ['joins two numbers', 'Tom has 1 2 eggs. He buys 2 more. How many eggs does Tom have?'],
    ['gives to oneself', 'Tom has 7 eggs. He gives 2 to Tom. How many eggs does Tom have?'],
    [
      'speaks of three people',
      'Tom has 9 eggs. He gives 2 to Mia. Ben has 1 more than Tom. How many eggs does Ben have?',
    ],
  ])('that %s is none', (_, question) => expect(task.parse(question)).toBeUndefined());

  test('of the same numbers is one problem in both languages', () => {
    const [en, zh] = [
      task.parse('Tom has 12 apples. He buys 7 more. How many apples does Tom have?'),
      task.parse('小丽有12个球。她捡到7个。小丽现在有几个球？'),
    ];
    expect(en?.canonical).toBe('12+7=19');
    expect(zh?.canonical).toBe(en?.canonical);
  });
});
