import { describe, expect, it } from 'vitest';
import { formatQuantity, quantityOf } from './quantity';

const show = (metric: string, value: number) => formatQuantity(value, quantityOf(metric), 'en');

describe('a metric', () => {
  it.each([
    ['memory/bytes', 6.44e7, '64 MB'],
    ['memory/peak_bytes', 1.25e9, '1.3 GB'],
    ['num_tokens', 1_234_567, '1.23M'],
    ['num_tokens', 9216, '9,216'],
    ['rollout/tokens_per_second', 42_500, '42.5K'],
    ['completions/mean_length', 45.6, '45.6'],
    ['eval/accuracy', 0.359, '36%'],
    ['eval/format', 1, '100%'],
    ['frac_reward_zero_std', 0.63, '63%'],
    ['clip_ratio/low_mean', 0, '0%'],
    ['rewards/accuracy/std', 0.48, '0.480'],
    ['step_time', 4.2, '4.2 sec'],
    ['time/bookkeeping', 0.0042, '4.2 ms'],
    ['submit/p99_ms', 12.34, '12.3 ms'],
    ['learning_rate', 1e-5, '1.00e−5'],
    ['kl', -3e-9, '−3.00e−9'],
    ['loss', Number.NaN, 'NaN'],
    ['memory/bytes', Number.NaN, 'NaN'],
  ])('%s of %d reads %s', (metric, value, text) => {
    expect(show(metric, value)).toBe(text);
  });
});
