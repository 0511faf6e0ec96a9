import { expect, test } from 'vitest';
import { rng } from '../lib/rng';
import { task as equations } from './kinds/equations';
import { splitSteps } from './steps';
import type { Problem } from './task';

test.each([
  ['3x+1=22', '3x=22-1=21 then x=21/3=7'],
  ['\\sqrt{2x+19}=5', '2x+19=25 then 2x=25-19=6 then x=6/2=3 try \\sqrt{25}=5'],
  ['\\sqrt{x+7}=-2', 'x+7=4 then x=4-7=-3 try \\sqrt{4}=2 no '],
  [
    '\\sqrt{2x+6}=x-1',
    '2x+6=(x-1)^2 then 2*1=2 then 6+2=8 then (x-1)^2=2(x-1)+8 try 4+1=5 then \\sqrt{10+6}=4 try -2+1=-1 then \\sqrt{-2+6}=2 no ',
  ],
  ['\\sqrt{x+6}=x', 'x^2=x+6 try 3 then \\sqrt{3+6}=3 try -2 then \\sqrt{-2+6}=2 no '],
  [
    '\\sqrt{-2x+9}=x+3',
    '-2x+9=(x+3)^2 then -2*3=-6 then 9+6=15 then (x+3)^2=-2(x+3)+15 try 3-3=0 then \\sqrt{0+9}=3 try ' +
      '-5-3=-8 then \\sqrt{16+9}=5 no ',
  ],
])('works %s out line by line', (question, thinking) => {
  const style = { language: 'en', selfCheck: false } as const;
  expect(equations.think(equations.parse(question) as Problem, style, rng(1, 'corpus'))).toBe(thinking);
  expect(splitSteps(thinking, { question }).filter(({ mark }) => mark !== 'right' && mark !== undefined)).toEqual([]);
});
