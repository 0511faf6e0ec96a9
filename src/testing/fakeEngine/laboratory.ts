// The lab with made-up numbers: what is packed is the text itself, and losses follow a law.

import type { PackedText } from '../../protocol/laboratory';
import type { EngineApi, Result } from '../../protocol/protocol';
import type { Host } from './host';
import { failure, ok } from './results';

type LabApi = Pick<EngineApi, 'packText' | 'unpackText' | 'stopPacking' | 'trainGrid' | 'stopGrid'>;

export class FakeLab implements LabApi {
  #isStopWanted = false;

  constructor(private readonly host: Host) {}

  packText = async (text: string): Promise<Result<PackedText | null>> => {
    const pieces = [...text];
    for (const [i, one] of pieces.entries()) {
      const piece = { text: one, bits: 0.1 + (i % 7) / 2, isToken: one.charCodeAt(0) < 128 };
      this.host.emit({ type: 'pieceCoded', piece, done: i + 1, total: pieces.length });
    }
    await this.host.wait(50);
    const file = new TextEncoder().encode(text);
    return ok({ file, payloadBytes: Math.ceil(file.length / 8) });
  };

  unpackText = async (file: Uint8Array): Promise<Result<string | null>> => {
    if (file.length === 0) return failure('bad_packed_file', 'This is no file that compress made.', 'Choose one.');
    return ok(new TextDecoder().decode(file));
  };

  stopPacking = async (): Promise<void> => {};

  trainGrid = async (): Promise<Result<null>> => {
    this.#isStopWanted = false;
    const runs = [8192, 24576, 73728].flatMap((tokens) =>
      [3000, 11000, 45000].map((parameters) => ({ tokens, parameters })),
    );
    for (const [i, { tokens, parameters }] of runs.entries()) {
      await this.host.wait(100);
      if (this.#isStopWanted) {
        this.host.emit({ type: 'gridEnded', isStopped: true });
        return ok(null);
      }
      const loss = 0.7 + 60 / parameters ** 0.5 + 90 / tokens ** 0.5;
      const id = `${parameters}-${tokens}`;
      const result = {
        ...{ id, size: `${parameters}`, parameters, innerParameters: parameters, tokens, uniqueTokens: tokens, loss },
        ...{ steps: 1, learningRate: 0.01, seconds: 1, device: 'made up' },
      };
      this.host.emit({ type: 'gridMeasured', result, done: i + 1, total: runs.length });
    }
    this.host.emit({ type: 'gridEnded', isStopped: false });
    return ok(null);
  };

  stopGrid = async (): Promise<void> => {
    this.#isStopWanted = true;
  };
}
