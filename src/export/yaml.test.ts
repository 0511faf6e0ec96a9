import { expect, it } from 'vitest';
import { yamlFile } from './yaml';

it('writes numbers with an exponent as YAML 1.1 reads numbers, and quotes texts', () => {
  const settings = { a: 1e-8, b: -2.5e-7, c: 1e21, d: 0.1, e: 'off', f: 'a: "b"\n#', g: [1, 'no'], h: null, i: true };
  expect(yamlFile('of a\nrun', settings)).toBe(
    [
      '# of a',
      '# run',
      'a: 1.0e-8',
      'b: -2.5e-7',
      'c: 1.0e+21',
      'd: 0.1',
      'e: "off"',
      'f: "a: \\"b\\"\\n#"',
      'g: [1, "no"]',
      'h: null',
      'i: true',
      '',
    ].join('\n'),
  );
});
