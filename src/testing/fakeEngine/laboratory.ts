// The lab with made-up numbers: what is packed is the text itself, losses follow a law, and sums grow by a term in five steps.

import type { PackedText } from '../../protocol/laboratory';
import type { EngineApi, Result } from '../../protocol/protocol';
import type { Host } from './host';
import { failure, ok } from './results';

type LabApi = Pick<
  EngineApi,
  'packText' | 'unpackText' | 'stopPacking' | 'trainGrid' | 'stopGrid' | 'growCurriculum' | 'stopCurriculum'
>;

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

  growCurriculum = async (): Promise<Result<null>> => {
    this.#isStopWanted = false;
    const [total, sizes] = [20, Array.from({ length: 9 }, (_, i) => i + 2)];
    for (let step = 0; step <= total && !this.#isStopWanted; step++) {
      await this.host.wait(50);
      const frontier = 3 + Math.floor(step / 5);
      const asked = [frontier - 1, frontier, frontier + 1].map((size, i) => ({
        question: `${Array.from({ length: size }, (_, term) => 1 + ((term + step) % 9)).join('+')}=?`,
        size,
        share: 1 - i / 2,
        isLearnable: i === 1,
      }));
      this.host.emit({ type: 'curriculumStepped', step, total, asked });
      if (step % 5 > 0) continue;
      const bySize = sizes.map((size) => ({ size, accuracy: size <= frontier ? 0.9 : 0.1, problems: 8 }));
      const point = { step, frontier: { bySize, frontier }, largestKept: step > 0 ? frontier + 1 : undefined };
      this.host.emit({ type: 'curriculumMeasured', point });
    }
    this.host.emit({ type: 'curriculumEnded', isStopped: this.#isStopWanted });
    return ok(null);
  };

  stopCurriculum = async (): Promise<void> => {
    this.#isStopWanted = true;
  };
}
