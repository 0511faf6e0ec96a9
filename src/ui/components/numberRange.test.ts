import fc from 'fast-check';
import type { TFunction } from 'i18next';
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { grpoConfigSchema } from '../../protocol/options';
import { askSettingsSchema, runSettingsSchema } from '../../state/preferences';
import { rangeOf, takes, upTo, writeRange } from './numberRange';

const isNumber = (schema: v.GenericSchema) => v.is(schema, 1) || v.is(schema, 2) || v.is(schema, 0.5);
const SCHEMAS = [askSettingsSchema, grpoConfigSchema, runSettingsSchema]
  .flatMap((schema) => Object.entries(schema.entries as Record<string, v.GenericSchema>))
  .filter(([, schema]) => isNumber(schema));

const nearBounds = fc.constantFrom(-1, 0, 0.04, 0.05, 0.5, 1, 1.5, 2, 4, 4.5, 16, 17, 256, 257, 2 ** 31 - 1, 2 ** 31);
const typed = fc.oneof(
  nearBounds,
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.integer(),
  fc.constant(null),
);

describe('the range of a setting', () => {
  it('takes exactly what the schema of the setting takes', () => {
    expect(SCHEMAS.length).toBeGreaterThan(30);
    for (const [name, schema] of SCHEMAS) {
      const range = rangeOf(schema);
      fc.assert(
        fc.property(typed, (value) => {
          expect([name, value, takes(range, value)]).toEqual([name, value, v.is(schema, value)]);
        }),
      );
    }
  });

  it('takes no text and nothing endless', () => {
    for (const value of [Number.NaN, Infinity, -Infinity]) expect(takes({}, value)).toBe(false);
  });

  it('is said with its bounds', () => {
    const words = ((key: string, values = {}) => `${key} ${Object.values(values).join(' ')}`) as unknown as TFunction;
    expect(writeRange(rangeOf(askSettingsSchema.entries.samples), words)).toMatch(/^range\.fromTo range\.whole\s+1 16/);
    expect(writeRange(rangeOf(grpoConfigSchema.entries.top_p), words)).toMatch(/^range\.aboveTo range\.number\s+1 0/);
    expect(writeRange(rangeOf(grpoConfigSchema.entries.epsilon_high), words)).toMatch(/^range\.orEmpty/);
  });
});

it('a range ends where the room does, and is not widened by room', () => {
  expect(upTo({ min: 1 }, 192)).toEqual({ min: 1, max: 192 });
  expect(upTo({ min: 1, max: 16 }, 192)).toEqual({ min: 1, max: 16 });
  expect(takes(upTo({ min: 1, isWhole: true }, 256), 99_999)).toBe(false);
  expect(upTo({ min: 1 }, undefined)).toEqual({ min: 1 });
});
