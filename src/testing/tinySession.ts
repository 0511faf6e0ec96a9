// An engine session without a worker, on a tiny untrained model, for tests of what the page asks of it.
import 'fake-indexeddb/auto';
import { vi } from 'vitest';
import type { OpenDevice, Shaders } from '../device/contract';
import { DEFAULT_GENERATION } from '../formats/huggingface/generationConfig';
import { writeFolder } from '../formats/huggingface/writeFolder';
import type { AskRequest, EngineApi, EngineEvent, ModelSource, Result, RunSettings } from '../protocol/protocol';
import { createNodeSandbox } from '../sandbox/nodeSandbox';
import { createRunLocks } from '../storage/runLocks';
import type { SlotFolder } from '../storage/slotFile';
import { tokenizerFiles } from '../tokenizer/files';
import { createTokenizer } from '../tokenizer/tokenizer';
import { grpoConfig } from '../trainer/grpo/grpoConfig';
import { createEngineSession } from '../worker/session';
import { openTestDevice } from './device';
import { tinyFolder } from './tinyFolder';

export const SETTINGS: RunSettings = {
  task: 'chained_sums',
  difficulty: { min_terms: 2, max_terms: 2 },
  preset: 'R1-Zero',
  config: grpoConfig({
    num_prompts: 2,
    num_generations: 2,
    max_completion_length: 8,
    max_steps: 3,
    learning_rate: 1e-3,
    beta: 0.01,
    reward_weights: { accuracy: 1, format: 1, soft_overlong: 1 },
  }),
  evalProblems: 4,
  evalEvery: 2,
  checkpointEvery: 1,
};

export const QUESTION: AskRequest = {
  question: '1 + 2',
  temperature: 1,
  topP: 1,
  topK: 0,
  seed: 5,
  maxTokens: 12,
  samples: 1,
  thinking: null,
};

/** @param maxNewTokens its longest answer, by its generation_config.json. */
export async function tinyModel(readme?: string, maxNewTokens = 96): Promise<ModelSource> {
  const folder = tinyFolder();
  const generation = { ...DEFAULT_GENERATION, maxNewTokens };
  const files = await writeFolder(
    { ...folder, generation, readme },
    tokenizerFiles(createTokenizer(folder.tokenizerJson)),
  );
  // As the page sends them: weights on disk, unread.
  const contentOf = (name: string, bytes: Uint8Array) =>
    name.endsWith('.safetensors') ? new Blob([bytes as Uint8Array<ArrayBuffer>]) : bytes;
  return {
    kind: 'files',
    name: 'tiny',
    files: [...files].map(([name, bytes]) => ({ name, content: contentOf(name, bytes) })),
  };
}

export function value<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(`${result.error.code}: ${result.error.userMessage}`);
  return result.value;
}

/** As though the test's device were the processor. */
const only = (openDevice: OpenDevice) => (shaders: Shaders) => ({
  findGpu: () => Promise.reject(new Error('a test asks for no other device')),
  openCpu: () => openDevice(shaders),
});

export const HOST = {
  devices: only(openTestDevice),
  baseUrl: new URL('http://localhost/'),
  locks: createRunLocks(undefined),
  sandbox: createNodeSandbox(),
};

export interface Opened {
  readonly session: EngineApi;
  readonly events: EngineEvent[];
}

export async function openSession(
  slots: SlotFolder,
  locks = createRunLocks(undefined),
  openDevice: OpenDevice = openTestDevice,
): Promise<Opened> {
  const events: EngineEvent[] = [];
  const session = createEngineSession({ ...HOST, devices: only(openDevice), openSlots: async () => slots, locks });
  value(await session.open((batch) => events.push(...batch), 'cpu'));
  return { session, events };
}

export async function nextOf<T extends EngineEvent['type']>(
  events: EngineEvent[],
  type: T,
): Promise<Extract<EngineEvent, { type: T }>> {
  return vi.waitUntil(() => events.find((event) => event.type === type), { timeout: 60_000 }) as Promise<
    Extract<EngineEvent, { type: T }>
  >;
}
