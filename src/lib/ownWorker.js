// The page's own workers, bound by its policy (scripts/policy.mjs) on every host. A worker has the policy that its file was
// sent with: none, where a host sends no headers. One made from a blob has the policy of its maker
// (https://html.spec.whatwg.org/multipage/workers.html#initialise-a-worker's-policy-container). So each begins as a blob of one
// line, which imports its file; and each imports this module first, which takes from it what it does not need. Plain
// JavaScript, because Node runs the sandbox's worker as it is; in Node and on the page nothing is taken.

/** Kept before they are taken away. */
const { Worker, URL, Blob, origin } = globalThis;
const { createObjectURL } = URL;
/** https://www.w3.org/TR/trusted-types/ @type {{ createPolicy(name: string, rules: typeof RULES): typeof RULES } | undefined} */
const trustedTypes = Reflect.get(globalThis, 'trustedTypes');

const RULES = {
  /**
   * The one way from text to a program: of the page's own site alone.
   * @param {string} url
   */
  createScriptURL(url) {
    if (new URL(url).origin !== origin) throw new TypeError(`${url} is not of this site.`);
    const program = new Blob([`import ${JSON.stringify(url)};`], { type: 'text/javascript' });
    // What follows # changes nothing; it tells a reader of the developer tools which worker it is.
    return `${createObjectURL(program)}#${url.slice(url.lastIndexOf('/') + 1)}`;
  },
};
const policy = trustedTypes?.createPolicy('soliloquy', RULES) ?? RULES;

/**
 * Starts a worker of the page's own site.
 * @param {string} url of its program, a module (`import url from './x.worker.ts?worker&url'`)
 * @param {string} name as the developer tools show it
 */
export function startOwnWorker(url, name) {
  return new Worker(policy.createScriptURL(new URL(url, import.meta.url).href), { type: 'module', name });
}

/** Connections, programs and files from anywhere; each is used by nothing of ours. */
const TAKEN = [
  ...['XMLHttpRequest', 'WebSocket', 'WebSocketStream', 'EventSource', 'WebTransport', 'RTCPeerConnection'],
  ...['TCPSocket', 'TCPServerSocket', 'UDPSocket', 'Notification', 'FontFace', 'fonts'],
  // Their `add` fetches.
  ...['caches', 'Cache', 'CacheStorage'],
  ...['importScripts', 'Worker', 'SharedWorker', 'ShadowRealm'],
];
const TAKEN_OF_NAVIGATOR = ['sendBeacon', 'serviceWorker'];

class ForbiddenError extends TypeError {
  /** @param {string} what */
  constructor(what) {
    super(`${what} is forbidden here: this worker asks its own site alone, and runs no text as code.`);
    this.name = 'ForbiddenError';
  }
}

/**
 * Puts a value in the place of a property for good, wherever up the chain of prototypes it lies.
 * @param {object} object
 * @param {string} name
 * @param {unknown} value
 */
function replace(object, name, value) {
  if (!(name in object)) return;
  for (let owner = object; owner !== null && owner !== Object.prototype; owner = Object.getPrototypeOf(owner)) {
    Reflect.deleteProperty(owner, name);
  }
  Object.defineProperty(object, name, { value, writable: false, configurable: false });
}

/** Refuses text as code: in eval, in timers, in the constructors of functions, to which every function leads. */
function forbidText() {
  const forbid = () => {
    throw new ForbiddenError('Text as code');
  };
  replace(globalThis, 'eval', forbid);
  for (const name of /** @type {const} */ (['setTimeout', 'setInterval'])) {
    const timer = globalThis[name];
    replace(globalThis, name, (/** @type {any} */ handler, /** @type {any[]} */ ...rest) =>
      typeof handler === 'function' ? timer(handler, ...rest) : forbid(),
    );
  }
  for (const { constructor: native } of [() => {}, async () => {}, function* () {}, async function* () {}]) {
    const refused = forbid.bind(undefined);
    // `instanceof` goes on to tell functions.
    Object.defineProperty(refused, 'prototype', { value: native.prototype });
    Object.defineProperty(native.prototype, 'constructor', { value: refused, writable: false, configurable: false });
    if (native === Function) replace(globalThis, 'Function', refused);
  }
}

/** Leaves `fetch` the site of the page itself. */
function restrictFetch() {
  const { fetch, Request } = globalThis;
  const getUrl = /** @type {() => string} */ (Object.getOwnPropertyDescriptor(Request.prototype, 'url')?.get);
  const getOrigin = /** @type {() => string} */ (Object.getOwnPropertyDescriptor(URL.prototype, 'origin')?.get);
  const { apply } = Reflect;
  replace(globalThis, 'fetch', async (/** @type {RequestInfo} */ input, /** @type {RequestInit} */ init) => {
    const request = new Request(input, init);
    const url = new URL(apply(getUrl, request, []));
    const isWeb = url.protocol === 'http:' || url.protocol === 'https:';
    if (!isWeb || apply(getOrigin, url, []) !== origin) throw new ForbiddenError(`A request to ${url.href}`);
    return fetch(request);
  });
}

if ('WorkerGlobalScope' in globalThis) {
  restrictFetch();
  replace(URL, 'createObjectURL', undefined);
  for (const name of TAKEN) replace(globalThis, name, undefined);
  for (const name of TAKEN_OF_NAVIGATOR) replace(navigator, name, undefined);
  // Made from its file, it may have no policy, which else refuses to run text.
  if (location.protocol !== 'blob:') forbidText();
}
