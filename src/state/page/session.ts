// The session of this page, with the engine in its worker. Each file of this folder makes one store with what it really reaches;
// the classes themselves reach nothing that they were not given.
import { DEVICE_WISHES } from '../../protocol/device';
import { readAddress } from '../address';
import { Session } from '../session';
import { preferences } from './preferences';

const { screen, values } = readAddress(location.hash);

export const session = new Session({
  // The page does not wait for the worker's client.
  startEngine: async () => (await import('../../protocol/client')).startEngine(),
  askedDevice: DEVICE_WISHES.find((wish) => wish === new URLSearchParams(location.search).get('device')),
  askedModel: screen === 'ask' ? (new URLSearchParams(values).get('model') ?? undefined) : undefined,
  preferences,
});
export const { useSession, callEngine, openEngine, reconnectEngine, refreshModelInfo } = session;
