import { describe, expect, it } from 'vitest';
import { stepLines } from './stepMarks';

const words = (text: string) => [{ text, isForced: false }];

describe('the lines of a thinking text', () => {
  it('part the words from the calculation and mark each calculation', () => {
    expect(stepLines('9-8=1 then 1+3=5 wait 1+3=4', { question: '9-8+3' })).toEqual([
      { words: [], body: '9 − 8 = 1', mark: 'right' },
      { words: words('then'), body: '1 + 3 = 5', mark: 'wrong' },
      { words: words('wait'), body: '1 + 3 = 4', mark: 'right' },
    ]);
  });

  it('leave the line that is still being written unmarked', () => {
    expect(stepLines('9-8=1 then 1+3=4', { question: '9-8+3', isGrowing: true }).map(({ mark }) => mark)).toEqual([
      'right',
      undefined,
    ]);
  });

  it('read Chinese words too', () => {
    const [, line] = stepLines('9-8=1然后1+3=4', { question: '9-8+3' });
    expect(line).toEqual({ words: words('然后'), body: '1 + 3 = 4', mark: 'right' });
  });

  it('check an equation against the question, and keep it to be typeset', () => {
    expect(stepLines('2x=11-3 then 2x=9 wait 2x=8 then 8/2=4', { question: '2x+3=11' })).toEqual([
      { words: [], body: '2x = 11 − 3', equation: '2x=11-3', mark: 'right' },
      { words: words('then'), body: '2x = 9', equation: '2x=9', mark: 'wrong' },
      { words: words('wait'), body: '2x = 8', equation: '2x=8', mark: 'right' },
      { words: words('then'), body: '8 ÷ 2 = 4', mark: 'right' },
    ]);
  });

  it('say what was written before, and what does not follow', () => {
    const lines = stepLines('9-8=1 then 9-8=1 then 5+4=9 then a1+3=5', { question: '9-8+3' });
    expect(lines.map(({ mark }) => mark)).toEqual(['right', 'repeated', 'unrelated', undefined]);
  });

  it('call nothing right of a question outside the tasks', () => {
    const lines = stepLines('3+4=7 then 7-2=5 then 6-9=-3 then 1+1=3', { question: '(3+4)*2' });
    expect(lines.map(({ mark }) => mark)).toEqual([undefined, undefined, 'unrelated', 'wrong']);
  });

  it('know which words were put in', () => {
    const text = '1+1=2 wait 然后2+1=3';
    const [, line] = stepLines(text, { question: '1+1+1', forced: [{ first: 6, end: 10 }] });
    expect(line).toEqual({
      words: [{ text: 'wait', isForced: true }, ...words(' 然后')],
      body: '2 + 1 = 3',
      mark: 'right',
    });
  });

  it('are none for no text', () => {
    expect(stepLines('')).toEqual([]);
  });
});
