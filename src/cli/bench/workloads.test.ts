import { expect, it } from 'vitest';
import { WORKLOADS } from './workloads';

const compared = Object.entries(WORKLOADS).filter(([, { peerTask, isOnlyAskedFor }]) => peerTask && !isOnlyAskedFor);

it.each(compared)('what %s gives its peers can be sent to another process', (_, { peerTask }) => {
  const task = peerTask?.({ name: 'base', path: '/models/base', folder: {} as never });
  expect(() => structuredClone(task)).not.toThrow();
});
