import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { rng } from '../../lib/rng';
import { MAX_FILE_BYTES, readProblemFile } from './problemFile';
import { findProblemSet, MAX_PROBLEMS } from './problemSet';

function readWhole(text: string) {
  const read = readProblemFile(text);
  if ('fault' in read) throw new Error(read.fault.kind);
  return read;
}

describe('readProblemFile', () => {
  it('reads CSV and JSON lines alike', () => {
    const problems = [
      { question: 'capital of France?', answer: 'Paris', rule: 'exact' },
      { question: '1,5 and "2"', answer: '3', rule: 'number' },
      { question: 'double x', answer: '2x', rule: 'expression' },
    ];
    const csv = 'rule;Answer;question\n;Paris;capital of France?\nnumber;3;"1,5 and ""2"""\nEXPRESSION;2x;double x\n';
    const json = problems.map((problem) => JSON.stringify(problem)).join('\n');
    expect(readWhole(`\uFEFF${csv}`)).toEqual({ problems, bad: [], duplicates: [] });
    expect(readWhole(json)).toEqual({ problems, bad: [], duplicates: [] });
    expect(readWhole('{"question":"2+2","answer":4}').problems[0]?.answer).toBe('4');
  });

  it('names every bad line by its number among five thousand, whatever stands between', () => {
    const draw = rng(1, 'problem');
    const faults = [
      ['only one', 'columns'],
      ['"opened,1', 'quotes'],
      [',5,', 'noQuestion'],
      ['what?,,', 'noAnswer'],
      [`${'q'.repeat(501)},5,`, 'longQuestion'],
      [`long?,${'a'.repeat(201)},`, 'longAnswer'],
      ['odd?,5,guess', 'rule'],
      ['words?,five,number', 'answerRule'],
      ['first?,other answer,', 'conflict'],
    ] as const;
    const wanted: { line: number; fault: string }[] = [];
    const lines = ['question,answer,rule', 'first?,one,', 'then "quoted" text?,1,'];
    while (lines.length < 5001) {
      const [text, fault] = faults[draw.integer(0, faults.length - 1)] as (typeof faults)[number];
      if (draw.chance(0.3)) {
        lines.push(text);
        wanted.push({ line: lines.length, fault });
      }
      lines.push(`question ${lines.length}?,${lines.length},`);
    }
    const { problems, bad, duplicates } = readWhole(lines.join('\r\n'));
    expect(bad.map(({ line, fault }) => ({ line, fault }))).toEqual(wanted);
    expect(problems).toHaveLength(lines.length - 1 - wanted.length);
    expect(duplicates).toEqual([]);
  });

  it('tells what is written twice from what contradicts an earlier line', () => {
    const { problems, bad, duplicates } = readWhole('question,answer\na?,1\nb?,2\n a? ,1\na?,3\n');
    expect(problems).toHaveLength(2);
    expect(duplicates).toEqual([4]);
    expect(bad).toEqual([{ line: 5, fault: 'conflict', found: '3', other: 2 }]);
  });

  it('says why nothing can be read', () => {
    const faultOf = (text: string) => {
      const read = readProblemFile(text);
      return 'fault' in read ? read.fault.kind : undefined;
    };
    expect(faultOf(' \n ')).toBe('empty');
    expect(faultOf('prompt,solution\na,b')).toBe('noColumns');
    expect(faultOf('x'.repeat(MAX_FILE_BYTES + 1))).toBe('tooLarge');
    expect(faultOf(`question,answer\n${'a,b\n'.repeat(MAX_PROBLEMS + 1)}`)).toBe('tooMany');
  });

  it('never throws, and what it takes is a set', () => {
    const piece = fc.constantFrom(
      'question',
      'answer',
      'rule',
      ',',
      '"',
      '\n',
      '{',
      '}',
      ':',
      '7',
      'number',
      ' ',
      '\0',
    );
    const text = fc
      .array(fc.oneof(piece, fc.string({ maxLength: 5 })), { maxLength: 60 })
      .map((parts) => parts.join(''));
    fc.assert(
      fc.property(text, (rest) => {
        const read = readProblemFile(`question,answer,rule\n${rest}`);
        if ('fault' in read || read.problems.length === 0) return;
        expect(findProblemSet({ name: 'any', problems: read.problems })?.problems).toEqual(read.problems);
      }),
    );
  });
});
