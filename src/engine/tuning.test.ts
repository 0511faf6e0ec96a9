import { describe, expect, it, vi } from 'vitest';
import { Choices } from '../device/choices';
import type { Device } from '../device/contract';
import { ALTERNATIVES_VERSION } from '../kernels/matmul/productAlternatives';
import { preferDefaults } from '../kernels/matmul/productTable';
import { Tuning } from './tuning';

const card = { name: 'a card', isSoftware: false };

function deviceOf(given: { name: string; isSoftware: boolean }): Device {
  const device = { ...given, choices: new Choices(), preferences: new Map<string, string>() } as unknown as Device;
  preferDefaults(device);
  return device;
}

const table = {
  version: ALTERNATIVES_VERSION,
  times: {
    'a·bᵀ, small': { rows: 2, 'tile 32×32': 1, 'tile 64×64': 1.5 },
    'a·bᵀ, medium': { rows: 4, 'tile 32×32': 3, 'tile 64×64': 2 },
  },
};

function storeOf(kept: unknown) {
  return { load: vi.fn(async () => kept), save: vi.fn(async () => {}) };
}

describe('products on a graphics card', () => {
  it('are measured once and kept; the fastest of each class is taken, with its figures', async () => {
    const device = deviceOf(card);
    const { preferences } = device;
    const store = storeOf(undefined);
    const measure = vi.fn(async () => table);
    const tuning = new Tuning(device, store, measure);
    await Promise.all([tuning.settle(), tuning.settle()]);
    expect(measure).toHaveBeenCalledOnce();
    expect(store.save).toHaveBeenCalledWith('a card', table);
    expect(preferences.get('a·bᵀ, small')).toBe('tile 32×32');
    expect(preferences.get('a·bᵀ, medium')).toBe('tile 64×64');
    const [first] = device.choices.list();
    expect(first).toMatchObject({
      subject: 'a·bᵀ, small',
      chosen: 'tile 32×32',
      reason: '1.00 ms; tile 64×64: 1.50 ms; rows: 2.00 ms',
    });
  });

  it('go by the largest class that was measured where the device is too slow for more', async () => {
    const device = deviceOf(card);
    const { preferences } = device;
    await new Tuning(device, undefined, async () => table).settle();
    expect(preferences.get('a·bᵀ, large')).toBe('tile 64×64');
    const [choice] = device.choices.list().filter(({ subject }) => subject === 'a·bᵀ, large');
    expect(choice?.reason).toMatch(/^as for a·bᵀ, medium; /);
  });

  it('are not measured where the table was kept', async () => {
    const device = deviceOf(card);
    const { preferences } = device;
    const measure = vi.fn(async () => table);
    await new Tuning(device, storeOf(table), measure).settle();
    expect(measure).not.toHaveBeenCalled();
    expect(preferences.get('a·bᵀ, small')).toBe('tile 32×32');
  });

  it.each([
    ['of other kernels', { ...table, version: ALTERNATIVES_VERSION - 1 }],
    ['damaged', { ...table, times: { 'a·bᵀ, small': { rows: 'fast' } } }],
    ['no table', 7],
  ])('are measured again where the table is %s', async (_, kept) => {
    const measure = vi.fn(async () => table);
    await new Tuning(deviceOf(card), storeOf(kept), measure).settle();
    expect(measure).toHaveBeenCalledOnce();
  });

  it('are measured where nothing can be read or kept', async () => {
    const fail = () => Promise.reject(new Error('no storage'));
    const device = deviceOf(card);
    const { preferences } = device;
    await new Tuning(device, { load: fail, save: fail }, async () => table).settle();
    expect(preferences.get('a·bᵀ, small')).toBe('tile 32×32');
  });

  it('are measured by the next who asks when the first attempt failed', async () => {
    const measure = vi.fn(async () => table).mockRejectedValueOnce(new Error('device lost'));
    const tuning = new Tuning(deviceOf(card), undefined, measure);
    await expect(tuning.settle()).rejects.toThrow('device lost');
    await tuning.settle();
    expect(measure).toHaveBeenCalledTimes(2);
  });

  it('are made by tiles before anything is measured', () => {
    expect(new Set(deviceOf(card).preferences.values())).toEqual(new Set(['tile 32×32', 'tile 64×64']));
  });
});

it('a device in software makes every product by rows, unmeasured', async () => {
  const device = deviceOf({ name: 'llvmpipe', isSoftware: true });
  const measure = vi.fn(async () => table);
  await new Tuning(device, storeOf(table), measure).settle();
  expect(measure).not.toHaveBeenCalled();
  expect(new Set(device.preferences.values())).toEqual(new Set(['rows']));
});
