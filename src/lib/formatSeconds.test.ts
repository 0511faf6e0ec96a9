import { expect, it } from 'vitest';
import { formatSeconds } from './formatSeconds';

it('says a time in the units that it needs, and never that it took none', () => {
  const times = [0.004, 3.21, 9.97, 59.6, 245, 3599.7, 7800];
  expect(times.map(formatSeconds)).toEqual([
    'under 0.1 s',
    '3.2 s',
    '10 s',
    '1 min 00 s',
    '4 min 05 s',
    '1 h 00 min',
    '2 h 10 min',
  ]);
  expect(formatSeconds(Number.NaN)).toBe('–');
  expect(formatSeconds(0)).toBe('0 s');
});
