// Commands of the lab.
import { Compressor } from '../../engine/compression/compressor';
import { PackedFileError, readPackedFile } from '../../engine/compression/packedFile';
import { type Commands, SessionError } from '../../protocol/command';
import { type AskedProblem, type LabApi, MOST_PACKED_BYTES } from '../../protocol/laboratory';
import { curriculum } from '../../runs/curriculum';
import { runCurriculum } from '../../runs/curriculumStudy';
import { parsePipeline } from '../../runs/pipeline';
import { trainGridRun } from '../../runs/scaling/gridRun';
import { pageGrid } from '../../runs/scaling/pageGrid';
import { gridOf } from '../../runs/scaling/scalingRecipe';
import type { Engine } from '../engine';

export function labCommands(engine: Engine): Commands<LabApi> {
  let packing: AbortController | undefined;
  let grid: AbortController | undefined;
  let growing: AbortController | undefined;

  /** Runs `work` with the loaded model as it is then; null where it was stopped. */
  const withCompressor = async <T>(work: (compressor: Compressor, hooks: Hooks) => Promise<T>): Promise<T | null> => {
    if (packing) throw new SessionError('A text is being packed.', 'Stop it, or wait for its end.');
    const controller = new AbortController();
    packing = controller;
    try {
      await engine.computing.settle();
      return await engine.lane.run(async () => {
        const compressor = await Compressor.create(engine.runtime, engine.active.model);
        const onPiece: Hooks['onPiece'] = (piece, done, total) =>
          engine.emit({ type: 'pieceCoded', piece, done, total });
        try {
          return await work(compressor, { onPiece, signal: controller.signal });
        } finally {
          compressor.destroy();
        }
      });
    } catch (error) {
      if (controller.signal.aborted) return null;
      throw error;
    } finally {
      packing = undefined;
    }
  };

  return {
    packText: (text) => {
      const bytes = new TextEncoder().encode(text);
      if (bytes.length > MOST_PACKED_BYTES) {
        const found = `The text has ${bytes.length} bytes; here at most ${MOST_PACKED_BYTES} are packed.`;
        throw new PackedFileError(found, 'Shorten it, or use the command line.');
      }
      return withCompressor(async (compressor, hooks) => {
        const file = await compressor.compress(bytes, false, hooks);
        return { file, payloadBytes: readPackedFile(file).payload.length };
      });
    },
    unpackText: (file) =>
      withCompressor(async (compressor, hooks) => new TextDecoder().decode(await compressor.decompress(file, hooks))),
    async stopPacking() {
      packing?.abort();
    },

    async trainGrid(seed) {
      if (grid) throw new SessionError('A grid is being trained.', 'Stop it, or wait for its end.');
      engine.assertIdle('train a grid');
      const controller = new AbortController();
      grid = controller;
      const recipe = pageGrid(seed);
      const runs = gridOf(recipe);
      try {
        await engine.computing.settle();
        for (const [i, run] of runs.entries()) {
          const result = await trainGridRun(engine.runtime, recipe, run, {
            signal: controller.signal,
            inTurn: (work) => engine.lane.run(work),
            onStep: (step, total) => engine.emit({ type: 'gridStepped', run: run.id, step, total }),
          });
          engine.emit({ type: 'gridMeasured', result, done: i + 1, total: runs.length });
        }
        engine.emit({ type: 'gridEnded', isStopped: false });
      } catch (error) {
        if (!controller.signal.aborted) throw error;
        engine.emit({ type: 'gridEnded', isStopped: true });
      } finally {
        grid = undefined;
      }
      return null;
    },
    async stopGrid() {
      grid?.abort();
    },

    async growCurriculum(seed) {
      if (growing) throw new SessionError('A model teaches itself.', 'Stop it, or wait for its end.');
      engine.assertIdle('have a model teach itself');
      const controller = new AbortController();
      growing = controller;
      try {
        await engine.computing.settle();
        await grow(engine, seed, controller.signal);
        engine.emit({ type: 'curriculumEnded', isStopped: false });
      } catch (error) {
        if (!controller.signal.aborted) throw error;
        engine.emit({ type: 'curriculumEnded', isStopped: true });
      } finally {
        growing = undefined;
      }
      return null;
    },
    async stopCurriculum() {
      growing?.abort();
    },
  };
}

type Hooks = NonNullable<Parameters<Compressor['compress']>[2]>;

/** Steps between two measurements of a model that teaches itself, and problems of each size. */
const FRONTIER = { every: 10, count: 24, temperature: 1 } as const;

async function grow(engine: Engine, seed: number, signal: AbortSignal): Promise<void> {
  let asked: readonly AskedProblem[] | undefined;
  let own = 0;
  const pipeline = parsePipeline({ ...curriculum(true), seed });
  const { model } = await runCurriculum(engine.runtime, pipeline, {
    ...FRONTIER,
    signal,
    inTurn: (work) => engine.lane.run(work),
    onGroups: (step) => {
      asked = step.asked;
    },
    onStep: (_, step, total) => {
      own = asked ? step : 0;
      engine.emit({ type: 'curriculumStepped', step, total, asked });
    },
    onPoint: ({ measure: frontier, metrics }) => {
      const largestKept = metrics['curriculum/max_size'];
      engine.emit({ type: 'curriculumMeasured', point: { step: own, frontier, largestKept } });
    },
  });
  model.weights.destroy();
}
