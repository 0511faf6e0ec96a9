import { describe, expect, test } from 'vitest';
import { PRODUCT_KINDS, PRODUCT_SIZES, productClass } from './productAlternatives';
import { representative } from './productTable';

describe.each([...PRODUCT_KINDS])('%s', (kind) => {
  test.each([...PRODUCT_SIZES])('what stands for its %s products is one of them', (size) => {
    const memory = { a: 'a', b: 'b', y: 'y', offsets: 'offsets', counts: 'counts', tileExpert: 'tileExpert' };
    const product = representative(kind, size, memory);
    expect(product.alternatives?.subject).toBe(productClass(kind, size));
  });
});
