// What is said of each step, task by task: in its place, out of it, after a slip, and of what only looks like a step.
import { describe, expect, test } from 'vitest';
import { splitSteps } from './steps';

const SIGNS = { right: '+', wrong: '-', repeated: '=', unrelated: '?', unread: '.' } as const;

/** A sign for each step: `+` right, `-` wrong, `=` repeated, `?` unrelated, `.` unread; none for words alone. */
const judged = (question: string, thinking: string) =>
  splitSteps(thinking, { question })
    .map(({ mark }) => (mark === undefined ? '' : SIGNS[mark]))
    .join('');

const SUM = '9-8+3-7=?';

describe('a step of a sum', () => {
  test.each([
    ['from left to right', '9-8=1 then 1+3=4 then 4-7=-3', '+++'],
    ['in another order', '3-7=-4然后9-8=1然后1-4=-3', '+++'],
    ['the other way round', '-8+9=1 then 3+1=4 then 4-7=-3', '+++'],
    ['several terms at once', '9-8+3=4 then 4-7=-3', '++'],
    ['a number twice', '9-8=1 then 1+3=4 then 4+3=7 then 7-7=0', '++?+'],
    ['a step again', '9-8=1 then 9-8=1 then 1+3=4', '+=+'],
    ['a hundred times', Array(100).fill('9-8=1').join(' then '), `+${'='.repeat(99)}`],
    ['with another sign', '9+8=17 then 17+3=20', '?+'],
    ['of another question', '5+4=9 then 6-2=4 then 2*3=6', '???'],
    ['of nothing', '0+0=0 then 0+0=0', '?='],
    ['that changes nothing', '9+0=9 then 9-8=1', '?+'],
    ['after a slip, from what was written', '9-8=2 then 2+3=5 then 5-7=-2', '-++'],
    ['after a slip, from what is right', '9-8=2 then 1+3=4 then 4-7=-3', '-++'],
    ['taken back', '9-8=2 wait 9-8=1 then 1+3=4', '-++'],
    ['in doubt', '9-8=1 wait 9-8=1等等9-8=1 then 1+3=4', '++++'],
    ['with a letter', 'a9-8=2 then 9-8=2b', '..'],
    ['with a sign of another alphabet', '9-8=²', '.'],
    ['in full width', '９－８＝１ then １＋３＝４', '++'],
    ['the question', '9-8+3-7=-3', '+'],
    ['the question, unanswered', '9-8+3-7', '.'],
    ['the answer', '-3', '.'],
  ])('%s', (_, thinking, signs) => expect(judged(SUM, thinking)).toBe(signs));
});

describe('a step of a product', () => {
  test.each([
    ['partial products and their sum', '30*4=120 then 7*4=28 then 120+28=148', '+++'],
    ['the other way round', '4*7=28 then 4*30=120 then 28+120=148', '+++'],
    ['at once', '37*4=148', '+'],
    ['without its place', '3*4=12 then 7*4=28', '?+'],
    ['a partial product twice', '7*4=28 then 4*7=28 then 28+28=56', '+??'],
    ['after a slip', '30*4=130 then 7*4=28 then 130+28=158', '-++'],
    ['after a slip, from what is right', '30*4=130 then 7*4=28 then 120+28=148', '-++'],
    ['a sum of nothing', '120+28=148', '?'],
    ['by one', '37*1=37 then 148*1=148', '??'],
  ])('%s', (_, thinking, signs) => expect(judged('37*4=?', thinking)).toBe(signs));
});

describe('a step of a countdown', () => {
  test.each([
    ['of the numbers that are there', '5+3=8 then 8+7=15 back 7*3=21 then 21+5=26', '++++'],
    ['of a number twice', '5+3=8 then 5+7=12 then 8+8=16', '+??'],
    ['begun anew', '5+3=8回去5+3=8', '+='],
    ['along another way', '5+3=8 then 8+7=15 back 5+3=8 then 8*7=56', '++=+'],
    ['after a slip', '7*3=22 then 22+5=27', '-+'],
    ['after a slip, from what is right', '7*3=22 then 21+5=26', '-+'],
    ['taken back', '7*3=22 wait 7*3=21 then 21+5=26', '-++'],
    ['of other numbers', '4*6=24 then 0+0=0', '??'],
  ])('%s', (_, thinking, signs) => expect(judged('3,5,7=26?', thinking)).toBe(signs));
});

describe('a step towards a program', () => {
  test.each([
    ['the differences', '5-3=2 then 7-5=2 then 2-2=0', '+++'],
    ['the other way round', '-3+5=2 then 7-5=2', '++'],
    ['a difference a third time', '5-3=2 then 5-3=2', '+='],
    ['of other numbers', '7-3=4 then 2*1=2', '??'],
    ['after a slip', '5-3=1 then 7-5=2 then 2-1=1', '-++'],
    ['after a slip, from what is right', '5-3=1 then 7-5=2 then 2-2=0', '-++'],
  ])('%s', (_, thinking, signs) => expect(judged('f(0)=3,f(1)=5,f(2)=7,f(x)=?', thinking)).toBe(signs));

  test('finds the square in half the change', () => {
    const thinking = '6+1=7 then 19-6=13 then 13-7=6 then 6/2=3 then 7-3=4';
    expect(judged('f(0)=-1,f(1)=6,f(2)=19,f(x)=?', thinking)).toBe('+++++');
  });
});

describe('a line of an equation', () => {
  test.each([
    ['2x+3=11', '2x=11-3 then 2x=9 wait 2x=8 then x=8/2 then x=4 then x=5', '+-+++-'],
    ['3x+1=22', '3x=22-1=21 then x=21/3=7', '++'],
    ['3x+1=22', '22-1=21 then 21/3=7', '++'],
    ['3x+1=22', '3x=22-1=20 then x=20/3', '-+'],
    ['3x+1=22', '3x=22-1=20 then x=21/3=7', '-+'],
    ['3x+1=22', '3x=22-1=20 then x=20/3=7 then x=21/3=6', '---'],
    ['3x+1=22', '3x+1=22 then 6x+2=44 then 6x+2=44', '=?='],
    ['3x+1=22', '3x-21=0 then 22=3x+1 then 21=3x then 7=x', '++++'],
    ['3x+1=22', 'x+1/3=22/3 then x=7', '++'],
    ['3x+1=22', '2x=14 then 5x=35 then x^2=49 then 7x=49 then x=7', '????+'],
    ['3x+1=22', '3x+1=1 then 3x=0 then x=0', '---'],
    ['3x+1=22', '3x+1=22=1 then 3x=21=0 then x=0', '---'],
    ['\\sqrt{2x+6}=4', '2x+6=6 then 2x=0 then x=0 try \\sqrt{6}=4', '----'],
    ['\\sqrt{2x+6}=4', 'x+1=6 then 2x=10 then x=5 try \\sqrt{16}=4', '++++'],
    ['3x+1=22', 'x=x then 0x=0 then x-x=0 then 2x=x+x then x+1=x+1', '?????'],
    ['3x+1=22', '0+0=0 then 7=7 then 22-1=22-1 then 3*7=21', '????'],
    ['3x+1=22', `7${'=7'.repeat(4)} then x=x=x=x=x then 3x==21 then 3x=22-1=`, '-...'],
    ['-2x+9=3', '-2x=3-9=-6 then x=-6/-2=3', '++'],
    ['\\sqrt{2x+19}=5', '2x+19=25 then 2x=25-19=6 then x=6/2=3 try \\sqrt{25}=5', '++++'],
    ['\\sqrt{2x+19}=5', '2x+19=25 try \\sqrt{6+19}=5 try \\sqrt{25}=4 try \\sqrt{16}=4', '++-?'],
    ['\\sqrt{x+3}=-2', 'x+3=4 then x=1 then x=2', '++-'],
    ['\\sqrt{x+6}=x', 'x^2=x+6 try 3 then \\sqrt{3+6}=3 try -2 then \\sqrt{-2+6}=2 no ', '+++++'],
    ['\\sqrt{x+6}=x', 'x+6=x^2 then x^2-x-6=0 then (x-3)(x+2)=0 then x=3', '++++'],
    ['\\sqrt{x+6}=x', '(x-3)(x+1)=0 then (x-2)(x+2)=0 then x=-2 then \\sqrt{9}=4', '----'],
    ['\\sqrt{x+6}=x', 'try 4 try 3 then \\sqrt{4+6}=3', '.+-'],
  ])('of %s: %s', (question, thinking, signs) => expect(judged(question, thinking)).toBe(signs));

  test('is held to the question as it was typed, too', () => {
    const working = '2x+6=(x-1)^2 then 2*1=2 then 6+2=8 then (x-1)^2=2(x-1)+8 then (x-1)^2=2(x-1)+9 try 4+1=5';
    for (const question of ['√(2x + 6) = x − 1', 'sqrt{2x+6}=x-1', '\\sqrt{2x+6}=x-1']) {
      expect(judged(question, working)).toBe('++++-+');
    }
  });

  test('of a square goes on from a slip', () => {
    const slip = '2x+6=(x-1)^2 then 2*1=3 then 6+3=9 then (x-1)^2=2(x-1)+9';
    expect(judged('\\sqrt{2x+6}=x-1', slip)).toBe('+-++');
  });
});

describe('a step about a question of no task', () => {
  test.each([
    ['(3+4)*2', '3+4=7 then 7*2=14', '..'],
    ['(3+4)*2', '3+4=7 then 7*2=13', '.-'],
    ['(3+4)*2', '3-4=-2 then 2-9=-7 then 1+1=2 then 5+4=8', '-??-'],
    ['hello', '3+4=7 then 7-4=3 then 0+0=0 then 9-8=2', '???-'],
    ['', '9-8=1', '?'],
  ])('%s: %s is never called right', (question, thinking, signs) => expect(judged(question, thinking)).toBe(signs));
});
