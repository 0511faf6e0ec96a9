// A text packed by the loaded model, piece by piece, and unpacked again; for the page's life.
import { create } from 'zustand';
import type { CodedPiece } from '../protocol/laboratory';
import type { DescribedError, EngineEvent } from '../protocol/protocol';
import type { Session } from './session';

export interface PackingState {
  readonly text: string;
  readonly status: 'none' | 'packing' | 'packed' | 'unpacking' | 'unpacked';
  readonly pieces: readonly CodedPiece[];
  readonly total: number;
  readonly packed: PackedSizes | undefined;
  /** Whether what came out is what went in; undefined: it was not unpacked yet. */
  readonly isSame: boolean | undefined;
  readonly problem: DescribedError | undefined;
}

export interface PackedSizes {
  readonly file: Uint8Array;
  readonly payloadBytes: number;
  readonly originalBytes: number;
  readonly gzipBytes: number;
}

const nothing = { pieces: [], total: 0, packed: undefined, isSame: undefined, problem: undefined } as const;

export const noPacking: PackingState = { text: '', status: 'none', ...nothing };

/** What an event adds while a text is packed or unpacked. */
export function reducePacking(state: PackingState, event: EngineEvent): PackingState {
  if (state.status !== 'packing' && state.status !== 'unpacking') return state;
  if (event.type === 'deviceLost') return { ...state, status: 'none', problem: event.error };
  if (event.type !== 'pieceCoded') return state;
  return { ...state, pieces: [...state.pieces, event.piece], total: event.total };
}

export class PackingStore {
  readonly usePacking = create<PackingState>()(() => noPacking);

  /** @param gzipSize of bytes, as the browser makes it */
  constructor(
    private readonly session: Pick<Session, 'callEngine' | 'tellEngine' | 'onEngineEvents'>,
    private readonly gzipSize: (bytes: Uint8Array<ArrayBuffer>) => Promise<number>,
  ) {
    session.onEngineEvents((batch) => this.usePacking.setState((state) => batch.reduce(reducePacking, state)));
  }

  writeText = (text: string): void => this.usePacking.setState({ ...noPacking, text });

  pack = async (): Promise<void> => {
    const { text } = this.usePacking.getState();
    this.usePacking.setState({ ...nothing, status: 'packing' });
    const result = await this.session.callEngine((api) => api.packText(text));
    if (!result.ok) return this.usePacking.setState({ status: 'none', problem: result.error });
    if (result.value === null) return this.usePacking.setState({ ...nothing, status: 'none' });
    const bytes = new TextEncoder().encode(text);
    const sizes = { originalBytes: bytes.length, gzipBytes: await this.gzipSize(bytes) };
    this.usePacking.setState({ status: 'packed', packed: { ...result.value, ...sizes } });
  };

  /** Unpacks what was packed last, and compares. */
  unpack = async (): Promise<void> => {
    const { packed, text } = this.usePacking.getState();
    if (!packed) return;
    this.usePacking.setState({ status: 'unpacking', pieces: [], isSame: undefined, problem: undefined });
    const result = await this.session.callEngine((api) => api.unpackText(packed.file));
    if (!result.ok) return this.usePacking.setState({ status: 'packed', problem: result.error });
    if (result.value === null) return this.usePacking.setState({ status: 'packed' });
    this.usePacking.setState({ status: 'unpacked', isSame: result.value === text });
  };

  stopPacking = (): Promise<void> => this.session.tellEngine((api) => api.stopPacking());
}
