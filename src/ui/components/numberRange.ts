// Which numbers a field can take: read off a schema where there is one, so that what is said is what is checked.
import type { TFunction } from 'i18next';
import type * as v from 'valibot';

export interface NumberRange {
  readonly min?: number;
  readonly max?: number;
  /** It must be larger than this. */
  readonly above?: number;
  readonly isWhole?: boolean;
  /** The field may be left empty: null. */
  readonly mayBeEmpty?: boolean;
}

export const wholeNumber = (min: number, max?: number): NumberRange => ({
  isWhole: true,
  min,
  ...(max !== undefined && { max }),
});

/** The range as far as there is room; undefined: as it is. */
export function upTo(range: NumberRange, most: number | undefined): NumberRange {
  return most === undefined ? range : { ...range, max: Math.min(range.max ?? most, most) };
}

/** Whether a field takes what was typed; NaN stands for what is no number. */
export function takes(range: NumberRange, value: number | null): boolean {
  if (value === null) return range.mayBeEmpty === true;
  const { min = -Infinity, max = Infinity, above = -Infinity, isWhole = false } = range;
  return (
    Number.isFinite(value) && value >= min && value <= max && value > above && (!isWhole || Number.isInteger(value))
  );
}

/** A schema's or a check's fields, as far as they matter here. */
interface Part {
  readonly type: string;
  readonly requirement?: unknown;
  readonly wrapped?: Part;
  readonly pipe?: readonly Part[];
}

/** The range of a schema of numbers, `optional` and `nullable` ones included. */
export function rangeOf(schema: v.GenericSchema): NumberRange {
  return readPart(schema as unknown as Part);
}

function readPart({ type, requirement, wrapped, pipe }: Part): NumberRange {
  const inner = wrapped === undefined ? {} : readPart(wrapped);
  // The first of a pipe is the schema itself.
  if (pipe) return Object.assign({}, inner, ...pipe.slice(1).map(readPart));
  return { ...inner, ...RANGE_OF[type]?.(Number(requirement)) };
}

const RANGE_OF: Readonly<Record<string, (requirement: number) => NumberRange>> = {
  nullable: () => ({ mayBeEmpty: true }),
  integer: () => ({ isWhole: true }),
  min_value: (min) => ({ min }),
  max_value: (max) => ({ max }),
  gt_value: (above) => ({ above }),
};

/** The range in a sentence: “A whole number from 1 to 16.” */
export function writeRange({ min, max, above, isWhole, mayBeEmpty }: NumberRange, t: TFunction): string {
  const what = t(isWhole ? 'range.whole' : 'range.number');
  const lower = above !== undefined ? 'above' : min !== undefined ? 'from' : 'any';
  const key = max === undefined ? lower : (`${lower}To` as const);
  const sentence = t(`range.${key}`, { what, min, max, above });
  return mayBeEmpty ? t('range.orEmpty', { sentence }) : sentence;
}
