// What a person sees while a command works: results on stdout, all else on stderr.
import { formatSeconds } from '../lib/formatSeconds';

/** Writes a line to stdout. */
export function printLine(text: string): void {
  process.stdout.write(`${text}\n`);
}

/** Writes a line to stderr, above the progress bar if there is one. */
export function note(text: string): void {
  clearBar();
  process.stderr.write(`${text}\n`);
}

/** Resolves when everything written so far has left the process. */
export async function flushOutput(): Promise<void> {
  clearBar();
  for (const stream of [process.stdout, process.stderr]) {
    await new Promise<void>((resolve) => stream.write('', () => resolve()));
  }
}

const BAR_CELLS = 24;
const PLAIN_LINE_EVERY_MS = 15_000;
let isBarShown = false;

function clearBar(): void {
  if (isBarShown) process.stderr.write('\r\x1b[K');
  isBarShown = false;
}

/** How far a long thing is, with its rate and the time left: a bar on a terminal, now and then a line elsewhere. */
export class Progress {
  #startMs = performance.now();
  #lastLineMs = this.#startMs;

  /** @param first how much was done before, e.g. by the run that is resumed. */
  constructor(
    private readonly label: string,
    private readonly total: number,
    private readonly unit: string,
    private readonly first = 0,
  ) {}

  /** Seconds that the rest will take at the rate so far. */
  secondsLeft(done: number): number {
    return ((this.total - done) * this.elapsedSeconds) / Math.max(1e-9, done - this.first);
  }

  get elapsedSeconds(): number {
    return (performance.now() - this.#startMs) / 1000;
  }

  /** @param isQuiet whether the caller prints lines of its own, so that none is needed here. */
  update(done: number, isQuiet = false): void {
    const rate = (done - this.first) / Math.max(1e-9, this.elapsedSeconds);
    const figures =
      `${done}/${this.total} ${this.unit} · ${rate.toFixed(rate < 10 ? 2 : 0)}/s · ` +
      `${formatSeconds(this.secondsLeft(done))} left`;
    if (process.stderr.isTTY) {
      const filled = Math.round((BAR_CELLS * done) / Math.max(1, this.total));
      process.stderr.write(`\r\x1b[K${this.label} ${'█'.repeat(filled)}${'░'.repeat(BAR_CELLS - filled)} ${figures}`);
      isBarShown = true;
      return;
    }
    const nowMs = performance.now();
    if (isQuiet || (nowMs - this.#lastLineMs < PLAIN_LINE_EVERY_MS && done < this.total)) return;
    this.#lastLineMs = nowMs;
    process.stderr.write(`${this.label} ${figures}\n`);
  }

  end(): void {
    clearBar();
  }
}
