import { describe, expect, it } from 'vitest';
import type { ModelInfo } from '../protocol/protocol';
import { defaultStart, openingModel, shippedAsItCame } from './shipped';

const shipped = (id: string, isShownFirst = false) => ({ id, sizeBytes: 1, isShownFirst });
const base = shipped('base');
const r1 = shipped('r1', true);
const models = [base, r1];
const loaded = (name: string, ...runs: string[]) => ({ name, runs }) as unknown as ModelInfo;

describe('the model that the page opens with', () => {
  it('is the last choice, else the one to look at first, else the first', () => {
    expect(openingModel(models, 'base')).toBe(base);
    expect(openingModel(models, undefined)).toBe(r1);
    expect(openingModel(models, 'no longer shipped')).toBe(r1);
    expect(openingModel([base], undefined)).toBe(base);
    expect(openingModel([], undefined)).toBeUndefined();
  });
});

describe('a new run', () => {
  it('starts from the first shipped model while another one is only looked at', () => {
    expect(defaultStart(loaded('r1'), models)).toBe(base);
  });

  it('starts from the loaded model where that is the first, was trained or was brought', () => {
    expect(defaultStart(loaded('base'), models)).toBe('loaded');
    expect(defaultStart(loaded('r1 · calm-otter-7', 'calm-otter-7'), models)).toBe('loaded');
    expect(defaultStart(loaded('mine'), models)).toBe('loaded');
  });
});

describe('a shipped model as it came', () => {
  it('is told from one that was trained or brought', () => {
    expect(shippedAsItCame(loaded('r1'), models)).toBe(r1);
    expect(shippedAsItCame(loaded('r1', 'calm-otter-7'), models)).toBeUndefined();
    expect(shippedAsItCame(loaded('mine'), models)).toBeUndefined();
    expect(shippedAsItCame(undefined, models)).toBeUndefined();
  });
});
