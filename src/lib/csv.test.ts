import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readCsv, separatorOf } from './csv';

const read = (text: string, separator = ',') => [...readCsv(text, separator, 100)];

describe('readCsv', () => {
  it('reads what was written, whatever it is', () => {
    const write = (field: string) => `"${field.replaceAll('"', '""')}"`;
    const record = fc.array(fc.string({ maxLength: 40 }), { minLength: 2, maxLength: 4 });
    const ends = fc.constantFrom('\n', '\r\n', '\r');
    fc.assert(
      fc.property(fc.array(record), ends, (records, end) => {
        const text = records.map((fields) => fields.map(write).join(',')).join(end);
        expect(read(text).map(({ fields }) => fields)).toEqual(records);
      }),
    );
  });

  it('counts the lines that a field in quotes takes', () => {
    expect(read('a,b\n"1\r\n2",3\n\n4,5').map(({ line }) => line)).toEqual([1, 2, 5]);
  });

  it('goes on with the next line after one that is broken', () => {
    expect(read('a,b\n"x,1\nc,d\n"e" f,g\nh,i')).toEqual([
      { line: 1, fields: ['a', 'b'], isBroken: false },
      { line: 2, fields: [], isBroken: true },
      { line: 3, fields: ['c', 'd'], isBroken: false },
      { line: 4, fields: [], isBroken: true },
      { line: 5, fields: ['h', 'i'], isBroken: false },
    ]);
    expect(read('"x,1\nc,d').map(({ isBroken }) => isBroken)).toEqual([true, false]);
  });

  it('takes time by length alone where every line opens a quote', () => {
    const text = '"abc,d\n'.repeat(30_000);
    expect(read(text.replaceAll('"', '"('))).toHaveLength(30_000);
  });

  it('finds the separator of a spreadsheet', () => {
    expect(['a,b', 'a;b,c;d', 'a\tb'].map(separatorOf)).toEqual([',', ';', '\t']);
  });
});
