import 'fake-indexeddb/auto';
import { expect, it } from 'vitest';
import { openTuningTables } from './tuningTables';

it('keeps a table for each device, and the later one of two', async () => {
  const tables = openTuningTables();
  expect(await tables.load('a card')).toBeUndefined();
  await tables.save('a card', { version: 1 });
  await tables.save('another card', { version: 2 });
  await tables.save('a card', { version: 3 });
  expect(await openTuningTables().load('a card')).toEqual({ version: 3 });
  expect(await tables.load('another card')).toEqual({ version: 2 });
});
