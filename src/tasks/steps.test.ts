import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { computedMs } from '../testing/machineLoad';
import { languageRuns, languageShare, splitSteps } from './steps';

const marksOf = (text: string, question: string) => splitSteps(text, { question }).map(({ mark }) => mark);

describe('the steps of a thinking text', () => {
  test('begin at their words and are checked one by one', () => {
    expect(splitSteps('9-8=1 then 1+3=5然后5-7=-2 wait 1+1=2', { question: '9-8+3-7' })).toEqual([
      { text: '9-8=1', languages: [], mark: 'right' },
      { text: ' then 1+3=5', languages: ['en'], mark: 'wrong' },
      { text: '然后5-7=-2', languages: ['zh'], mark: 'right' },
      { text: ' wait 1+1=2', languages: ['en'], mark: 'unrelated' },
    ]);
  });

  test('may also be lines, or parted by semicolons', () => {
    const steps = splitSteps('1+1=2;2+1=4\n4-1=3', { question: '1+1+1-1' });
    expect(steps.map(({ text, mark }) => [text, mark])).toEqual([
      ['1+1=2;', 'right'],
      ['2+1=4\n', 'wrong'],
      ['4-1=3', 'right'],
    ]);
  });

  test('lose and gain nothing: joined they are the text', () => {
    const text = fc
      .array(
        fc.oneof(fc.constantFrom(' then ', '然后', '等等', '1+2=3', ';', '\n', ' ', '\\sqrt{x}', '='), fc.string()),
      )
      .map((parts) => parts.join(''));
    fc.assert(
      fc.property(text, (thinking) => {
        expect(
          splitSteps(thinking)
            .map((step) => step.text)
            .join(''),
        ).toBe(thinking);
      }),
    );
    expect(splitSteps('')).toEqual([]);
  });

  test('are not judged before they are finished', () => {
    const judged = (text: string) =>
      splitSteps(text, { question: '9-8+3', isFinished: false }).map((step) => step.mark);
    expect(judged('9-8=1 then 6+6=1')).toEqual(['right', undefined]);
    expect(judged('9-8=1 then 1+3=4 then ')).toEqual(['right', 'right', undefined]);
    expect(judged('')).toEqual([]);
  });

  test.each([
    ['3-5=-2', '3-5'],
    ['-3-5=-8', '-3-5'],
    ['6*7=42', '6*7'],
    ['8/2=4', '8,2,2=16'],
    ['9 - 8 = 1', '9-8'],
    ['９−８＝１', '9-8'],
    ['6 × 7 = 42', '6*7'],
    ['so, 1+2=3.', '1+2'],
    ['等等，1+2=3。', '1+2'],
    ['123456789+987654321=1111111110', '123456789+987654321'],
  ])('%j is right of %s', (text, question) => expect(marksOf(text, question)).toEqual(['right']));

  test.each([
    ['1+2=4', 'wrong'],
    ['8/3=2', 'wrong'],
    ['8/0=0', 'wrong'],
    ['0/0=5', 'wrong'],
    ['99999999999999999999+1=100000000000000000001', 'wrong'],
    ['1+=4', 'wrong'],
    ['=3', 'wrong'],
    ['1+2=', 'wrong'],
    ['(1+2)*3=8', 'wrong'],
    ['99999999999999999999+1=100000000000000000000', 'unrelated'],
    ['4=4', 'unrelated'],
    ['1+2=3=3', 'unrelated'],
    ['\\sqrt{16}=4', 'unrelated'],
    ['(1+2)*3=9', 'unrelated'],
    ['12', 'unread'],
    ['x=5', 'unread'],
    ['\\sqrt{x+3}=5', 'unread'],
    ['1.5+2=3.5', 'unread'],
    ['007+1=8', 'wrong'],
    ['=', 'unread'],
    ['1 2+3=15', 'unread'],
    ['1\u200b2+3=15', 'unread'],
    ['a9-8=2', 'unread'],
    ['9-8=2x', 'unread'],
    ['9-8=²', 'unread'],
    ['?', 'unread'],
    ['wait', undefined],
    ['. ，', undefined],
  ] as const)('%j about something else is %s', (text, mark) => expect(marksOf(text, '8+8')).toEqual([mark]));

  test('of both languages are told from the rest', () => {
    expect(splitSteps('then 然后 1+1=2')[0]?.languages).toEqual(['en', 'zh']);
    expect(splitSteps('x+1=2 \\frac{x}{2}').flatMap((step) => step.languages)).toEqual([]);
  });
});

describe('steps', () => {
  test('are taken apart in linear time', () => {
    const startMs = computedMs();
    for (const part of [' ', ' a', 'then ', '; ', '\n', '等', '1+1=2 ', '=', '.', '\\sqrt{', '9']) {
      for (const question of ['2x+3=11', '\\sqrt{x+6}=x', '3,5,7=26?', '9-8+3', '37*4', 'f(0)=1,f(1)=2,f(2)=3', '?'])
        splitSteps(part.repeat(20_000), { question });
    }
    const numbered = (write: (i: number) => string) => Array.from({ length: 20_000 }, (_, i) => write(i)).join('');
    for (const write of [(i: number) => `3+5=${i} back `, (i: number) => `9+${i}=${9 + i} then `]) {
      for (const question of ['3,5,7=26?', '9-8+3', '?']) splitSteps(numbered(write), { question });
    }
    // Quadratic time would take minutes.
    expect(computedMs() - startMs).toBeLessThan(10_000);
  }, 30_000);
});

describe('the share of languages', () => {
  test('counts words, two Chinese characters being one', () => {
    expect(languageShare('1 then 2 then 3然后4等等5')).toEqual({ en: 0.5, zh: 0.5 });
    expect(languageShare('然后然后 wait ')).toEqual({ en: 1 / 3, zh: 2 / 3 });
    expect(languageShare('then')).toEqual({ en: 1, zh: 0 });
  });

  test('is zero for both where there are no words', () => {
    expect(languageShare('1+2=3; x=4 \\sqrt{x}')).toEqual({ en: 0, zh: 0 });
    expect(languageShare('')).toEqual({ en: 0, zh: 0 });
  });

  test('adds up to one wherever there is a word', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(' then ', '然后', 'x', '1', '等', '\\sqrt'), { minLength: 1 }), (parts) => {
        const { en, zh } = languageShare(parts.join(''));
        expect([0, 1]).toContainEqual(Math.round((en + zh) * 1e9) / 1e9);
      }),
    );
  });
});

describe('the runs of a language', () => {
  test('are its words together with what parts them from the next in a run of their own', () => {
    expect(languageRuns('then 1+2, 然后再 wait x')).toEqual([
      { text: 'then', language: 'en' },
      { text: ' 1+2, ', language: undefined },
      { text: '然后再', language: 'zh' },
      { text: ' ', language: undefined },
      { text: 'wait', language: 'en' },
      { text: ' x', language: undefined },
    ]);
  });

  test('joined are the text, and a run has words exactly if it has a language', () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'b', ' ', '1', '然', '后', '，', '\\') });
    fc.assert(
      fc.property(text, (thinking) => {
        const runs = languageRuns(thinking);
        expect(runs.map((run) => run.text).join('')).toBe(thinking);
        const share = languageShare(thinking);
        for (const language of ['en', 'zh'] as const)
          expect(runs.some((run) => run.language === language)).toBe(share[language] > 0);
      }),
    );
  });
});
