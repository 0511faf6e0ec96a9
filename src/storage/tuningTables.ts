// What was measured on this browser's devices, by the name of the device. A database of its own: it may be lost at any time.
import { type DBSchema, openDB } from 'idb';

interface Schema extends DBSchema {
  tables: { key: string; value: unknown };
}

/** Rejects where IndexedDB cannot be used (a private window, storage switched off). */
export function openTuningTables() {
  const open = () =>
    openDB<Schema>('soliloquy-tuning', 1, { upgrade: (database) => void database.createObjectStore('tables') });
  return {
    async load(device: string): Promise<unknown> {
      const database = await open();
      try {
        return await database.get('tables', device);
      } finally {
        database.close();
      }
    },
    async save(device: string, table: unknown): Promise<void> {
      const database = await open();
      try {
        await database.put('tables', table, device);
      } finally {
        database.close();
      }
    },
  };
}
