// The checkpoint with a module for further tokens, and what PyTorch computes from it: fixtures/README.md says what is there.
import { readFileSync } from 'node:fs';
import { type Fixture, readFixture } from './fixture';

const FOLDER = new URL('./fixtures/mtp/', import.meta.url);

export interface MtpFixture {
  readonly fixture: Fixture;
  readonly sequences: readonly (readonly number[])[];
  readonly losses: { readonly loss: number; readonly mtp_loss: number; readonly lambda: number };
}

export function loadMtpFixture(): MtpFixture {
  const fixture = readFixture(FOLDER);
  const ids = [...fixture.tensor('input_ids')];
  const length = ids.length / 2;
  return {
    fixture,
    sequences: [ids.slice(0, length), ids.slice(length)],
    losses: JSON.parse(readFileSync(new URL('golden.json', FOLDER), 'utf8')),
  };
}
