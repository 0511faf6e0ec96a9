import { expect, it } from 'vitest';
import { readPython } from './pythonValue';

it.each<[string, unknown]>([
  ['True', true],
  ['False', false],
  ['None', null],
  ['1e-6', 1e-6],
  ['.5', 0.5],
  ['1.', 1],
  ['1_000', 1000],
  ["'dapo'", 'dapo'],
  ['[1.0, 0.1]', [1, 0.1]],
  ['(1.0, .1,)', [1, 0.1]],
  ["{'accuracy': 1.0, 'format': None}", { accuracy: 1, format: null }],
  ['"True"', 'True'],
  ['dapo', undefined],
  ['Trueish', undefined],
])('%s is %j', (text, value) => {
  expect(readPython(text)).toEqual(value);
});
