import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { languageRuns, languageShare, splitSteps } from './steps';

describe('the steps of a thinking text', () => {
  test('begin at their words and are checked one by one', () => {
    expect(splitSteps('9-8=1 then 1+3=5然后5-7=-2 wait 1+3=4')).toEqual([
      { text: '9-8=1', languages: [], valid: true },
      { text: ' then 1+3=5', languages: ['en'], valid: false },
      { text: '然后5-7=-2', languages: ['zh'], valid: true },
      { text: ' wait 1+3=4', languages: ['en'], valid: true },
    ]);
  });

  test('may also be lines, or parted by semicolons', () => {
    expect(splitSteps('1+1=2;2+1=4\n4-1=3').map(({ text, valid }) => [text, valid])).toEqual([
      ['1+1=2;', true],
      ['2+1=4\n', false],
      ['4-1=3', true],
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
    const judged = (text: string) => splitSteps(text, { isFinished: false }).map((step) => step.valid);
    expect(judged('9-8=1 then 6+6=1')).toEqual([true, undefined]);
    expect(judged('9-8=1 then 6+6=12 then ')).toEqual([true, true, undefined]);
    expect(judged('')).toEqual([]);
  });

  const validity = (text: string) => splitSteps(text).map((step) => step.valid);

  test.each([
    ['1+2=3', true],
    ['1+2=4', false],
    ['3-5=-2', true],
    ['-3-5=-8', true],
    ['3--5=8', true],
    ['6*7=42', true],
    ['8/2=4', true],
    ['8/3=2', false],
    ['8/0=0', false],
    ['0/0=5', false],
    ['9 - 8 = 1', true],
    ['so, 1+2=3.', true],
    ['等等，1+2=3。', true],
    ['99999999999999999999+1=100000000000000000000', true],
    ['99999999999999999999+1=100000000000000000001', false],
  ])('%j is checked as %s', (text, valid) => expect(validity(text)).toEqual([valid]));

  test.each(['1+=4', '=3', '1+2=', '1+2=3=3', '1+2+3=6', '4=4'])('%j is a calculation gone wrong', (text) => {
    expect(validity(text)).toEqual([false]);
  });

  test.each(['12', 'wait', 'x=5', '\\sqrt{x+3}=5', '1.5+2=3.5', '=', '1 2+3=15', '?'])(
    '%j is no calculation',
    (text) => {
      expect(validity(text)).toEqual([undefined]);
    },
  );

  test('of both languages are told from the rest', () => {
    expect(splitSteps('then 然后 1+1=2')[0]?.languages).toEqual(['en', 'zh']);
    expect(splitSteps('x+1=2 \\frac{x}{2}').flatMap((step) => step.languages)).toEqual([]);
  });
});

describe('steps about a question', () => {
  const judged = (question: string, thinking: string) => splitSteps(thinking, { question }).map(({ valid }) => valid);

  test('of an equation are right where they hold for what solves it', () => {
    expect(judged('2x+3=11', '2x=11-3 then 2x=9 wait 2x=8 then x=8/2 then x=4 then x=5')).toEqual([
      true,
      false,
      true,
      true,
      true,
      false,
    ]);
    expect(
      judged('\\sqrt{x+6}=x', 'x+6=x^2 then x^2-x-6=0 then (x-3)(x+2)=0 try \\sqrt{3+6}=3 try \\sqrt{-2+6}=2 no '),
    ).toEqual([true, true, true, true, true, undefined]);
    expect(judged('\\sqrt{x+6}=x', '(x-3)(x+1)=0 then (x-2)(x+2)=0 then x=-2 then \\sqrt{9}=4')).toEqual([
      true,
      false,
      false,
      false,
    ]);
  });

  test('of an equation are right where every side of a line is the same', () => {
    expect(judged('3x+1=22', '3x=22-1=21 then x=21/3=7')).toEqual([true, true]);
    expect(judged('3x+1=22', '3x=22-1=20 then 3x=21=22-1 then x=20/3=7 then x=21/3=6')).toEqual([
      false,
      true,
      false,
      false,
    ]);
    expect(judged('3x+1=22', `7${'=7'.repeat(4)} then x=x=x=x=x then 3x==21 then 3x=22-1=`)).toEqual([
      false,
      undefined,
      undefined,
      undefined,
    ]);
  });

  test('of an equation are held to it as it was typed, too', () => {
    const working = '2x+6=(x-1)^2 then 2*1=2 then (x-1)^2=2(x-1)+8 then (x-1)^2=2(x-1)+9';
    for (const question of ['√(2x + 6) = x − 1', 'sqrt{2x+6}=x-1', '\\sqrt{2x+6}=x-1']) {
      expect(judged(question, working)).toEqual([true, true, true, false]);
    }
  });

  test('of an equation without solution are held to its square', () => {
    expect(judged('\\sqrt{x+3}=-2', 'x+3=4 then x=1 then x=2')).toEqual([true, true, false]);
  });

  test('of a countdown use each number once; back begins anew, and a slip uses none', () => {
    expect(judged('3,5,7=26?', '5+3=8 then 8+7=15 back 7*3=22 wait 7*3=21 then 21+5=26')).toEqual([
      true,
      true,
      false,
      true,
      true,
    ]);
    expect(judged('3,5,7=26?', '5+3=8 then 5+7=12 then 8+8=16')).toEqual([true, false, false]);
    expect(judged('3,5,7=26?', '5+3=8回去5+3=8')).toEqual([true, true]);
  });

  test('of other questions are checked as calculations, with roots and brackets where they have some', () => {
    expect(judged('what?', '\\sqrt{16}=4 then (1+2)*3=9 then (1+2)*3=8 then x=4')).toEqual([
      true,
      true,
      false,
      undefined,
    ]);
  });

  test('are taken apart in linear time', () => {
    const startMs = performance.now();
    for (const part of [' ', ' a', 'then ', '; ', '\n', '等', '1+1=2 ', '=', '.', '\\sqrt{', '9']) {
      for (const question of ['2x+3=11', '3,5,7=26?', '?']) splitSteps(part.repeat(20_000), { question });
    }
    // Quadratic time would take minutes.
    expect(performance.now() - startMs).toBeLessThan(10_000);
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
