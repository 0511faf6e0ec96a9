// Firefox as it is installed, driven by WebDriver's commands over its own socket (Marionette, which geckodriver speaks, too).
// Playwright's protocol for it asks for commands that the long-term release does not know yet.
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const START_MS = 60_000;
/** A command looks for its element so long. */
const PATIENCE_MS = 60_000;
/** The key under which WebDriver sends elements. */
const ELEMENT = 'element-6066-11e4-a52e-4f735466cecf';

const PREFERENCES = {
  // It chooses a free one, and writes it into the profile.
  'marionette.port': 0,
  'browser.shell.checkDefaultBrowser': false,
  'datareporting.policy.dataSubmissionEnabled': false,
  'network.captive-portal-service.enabled': false,
  'network.connectivity-service.enabled': false,
};

/** A list comes as it is. */
type Result = { value: unknown } | unknown[] | null;
type Answer = [kind: number, id: number, error: { error: string; message: string } | null, result: Result];

/** Commands one after another; each message is its length, a colon and JSON. */
class Marionette {
  #received = Buffer.alloc(0);
  #numCommands = 0;
  readonly #waiting = new Map<number, (answer: Answer) => void>();

  private constructor(private readonly socket: Socket) {
    socket.on('data', (data) => {
      this.#received = Buffer.concat([this.#received, data]);
      this.#read();
    });
    socket.on('close', () => {
      const error = { error: 'closed', message: 'Firefox ended' };
      for (const [id, answer] of this.#waiting) answer([1, id, error, { value: null }]);
    });
  }

  static connect(port: number): Promise<Marionette> {
    return new Promise((resolve, reject) => {
      const socket = connect(port, '127.0.0.1', () => resolve(new Marionette(socket)));
      socket.on('error', reject);
    });
  }

  #read(): void {
    const colon = this.#received.indexOf(':');
    const end = colon + 1 + Number(this.#received.subarray(0, colon));
    if (colon < 0 || this.#received.length < end) return;
    const message: unknown = JSON.parse(this.#received.toString('utf8', colon + 1, end));
    this.#received = this.#received.subarray(end);
    // The first message greets.
    if (Array.isArray(message)) this.#waiting.get(message[1])?.(message as Answer);
    this.#read();
  }

  async send(command: string, parameters: object): Promise<unknown> {
    const id = this.#numCommands++;
    const text = JSON.stringify([0, id, command, parameters]);
    const [, , error, result] = await new Promise<Answer>((resolve) => {
      this.#waiting.set(id, resolve);
      this.socket.write(`${Buffer.byteLength(text)}:${text}`);
    });
    this.#waiting.delete(id);
    if (error) throw new Error(`${command}: ${error.message}`);
    return Array.isArray(result) ? result : result?.value;
  }

  close(): void {
    this.socket.destroy();
  }
}

/** Elements that may have a role. */
const CANDIDATES = {
  button: 'button',
  link: 'a[href]',
  slider: 'input[type=range]',
  textbox: 'input, textarea',
} as const;

export class Firefox {
  private constructor(
    private readonly process: ChildProcess,
    private readonly profile: string,
    private readonly marionette: Marionette,
  ) {}

  static async launch(executable: string): Promise<Firefox> {
    const profile = mkdtempSync(join(tmpdir(), 'soliloquy-firefox-'));
    const lines = Object.entries(PREFERENCES).map(
      (pair) => `user_pref(${pair.map((x) => JSON.stringify(x)).join(', ')});`,
    );
    writeFileSync(join(profile, 'user.js'), lines.join('\n'));
    const child = spawn(executable, ['--headless', '--marionette', '--no-remote', '--profile', profile], {
      stdio: 'ignore',
    });
    const portFile = join(profile, 'MarionetteActivePort');
    const startMs = Date.now();
    while (!existsSync(portFile)) {
      if (child.exitCode !== null || Date.now() - startMs > START_MS) {
        child.kill('SIGKILL');
        throw new Error(`${executable} did not start (${child.exitCode ?? `not in ${START_MS / 1000} s`})`);
      }
      await sleep(50);
    }
    const marionette = await Marionette.connect(Number(readFileSync(portFile, 'utf8')));
    const firefox = new Firefox(child, profile, marionette);
    await marionette.send('WebDriver:NewSession', { capabilities: { alwaysMatch: { acceptInsecureCerts: true } } });
    return firefox;
  }

  async open(url: string): Promise<void> {
    await this.marionette.send('WebDriver:Navigate', { url });
  }

  async reload(): Promise<void> {
    await this.marionette.send('WebDriver:Refresh', {});
  }

  /** What a function gives in the page. */
  evaluate<T>(inPage: () => T): Promise<T> {
    return this.marionette.send('WebDriver:ExecuteScript', { script: `return (${inPage})()`, args: [] }) as Promise<T>;
  }

  /** The text that is seen of the first element that matches a selector; undefined where there is none. */
  async text(selector: string): Promise<string | undefined> {
    const [found] = await this.#elements(selector);
    return found === undefined ? undefined : ((await this.#of('GetElementText', found)) as string);
  }

  async click(role: keyof typeof CANDIDATES, name: string): Promise<void> {
    await this.#of('ElementClick', await this.#find(role, name));
  }

  /** Types into a field in the place of what it holds, and presses Enter. */
  async fill(role: keyof typeof CANDIDATES, name: string, text: string): Promise<void> {
    const field = await this.#find(role, name);
    await this.#of('ElementClear', field);
    await this.#of('ElementSendKeys', field, { text: `${text}\uE007` });
  }

  async screenshot(): Promise<Buffer> {
    return Buffer.from((await this.marionette.send('WebDriver:TakeScreenshot', { full: false })) as string, 'base64');
  }

  async close(): Promise<void> {
    this.marionette.close();
    const ended = new Promise((resolve) => this.process.once('exit', resolve));
    this.process.kill('SIGKILL');
    await ended;
    rmSync(this.profile, { recursive: true, force: true, maxRetries: 5 });
  }

  #of(command: string, id: string, more: object = {}): Promise<unknown> {
    return this.marionette.send(`WebDriver:${command}`, { id, ...more });
  }

  async #elements(selector: string): Promise<string[]> {
    const found = await this.marionette.send('WebDriver:FindElements', { using: 'css selector', value: selector });
    return (found as Record<string, string>[]).map((element) => element[ELEMENT] as string);
  }

  /** The first element with a role and a name, as assistive technology is told them; waits until there is one. */
  async #find(role: keyof typeof CANDIDATES, name: string): Promise<string> {
    const startMs = Date.now();
    while (Date.now() - startMs < PATIENCE_MS) {
      for (const element of await this.#elements(CANDIDATES[role])) {
        const label = await this.#of('GetComputedLabel', element).catch(() => undefined);
        if (label === name) return element;
      }
      await sleep(100);
    }
    throw new Error(`there is no ${role} “${name}”`);
  }
}
