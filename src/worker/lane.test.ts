import { expect, it } from 'vitest';
import { Lane } from './lane';

it('does one thing at a time, in the order asked, also after one that failed', async () => {
  const lane = new Lane();
  const log: string[] = [];
  const work = (name: string, fails = false) =>
    lane.run(async () => {
      log.push(`${name} begins`);
      await new Promise((resolve) => setTimeout(resolve, 1));
      log.push(`${name} ends`);
      if (fails) throw new Error(name);
      return name;
    });
  const results = await Promise.allSettled([work('a'), work('b', true), work('c')]);
  expect(log).toEqual(['a begins', 'a ends', 'b begins', 'b ends', 'c begins', 'c ends']);
  expect(results.map((result) => result.status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
});
