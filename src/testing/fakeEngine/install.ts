// Puts the made-up engine in the place of the engine's worker where the page's address says `?engine=fake`. It has to run before
// any script of the page. Commands and events pass through a message channel, as they do on their way to a worker.
import * as Comlink from 'comlink';
import { createFakeEngine } from './fakeEngine';

/** As much of a worker as the page's end of it uses. */
function startFakeWorker(address: URLSearchParams): Worker {
  const { api, terminate } = createFakeEngine(address);
  const { port1, port2 } = new MessageChannel();
  Comlink.expose(api, port1);
  return Object.assign(port2, { terminate }) as unknown as Worker;
}

const address = new URLSearchParams(location.search);
if (address.get('engine') === 'fake') {
  // The sandbox has a worker, too, which stays what it is.
  globalThis.Worker = new Proxy(Worker, {
    construct: (real, [url, options]: ConstructorParameters<typeof Worker>) =>
      options?.name === 'engine' ? startFakeWorker(address) : new real(url, options),
  });
}
