// Every wait for a device ends: with what was waited for, with its loss, or, since a driver or a browser may
// hang without either, with an error after a limit. What counts is time without any answer of the device, so that slow
// work does not end a run.
import { DeviceSilentError } from './errors';

/** Opening an adapter or a device. After a hung shader Chrome's was measured to take seconds; a first start of a driver, tens. */
export const OPEN_LIMIT_MS = 120_000;

/**
 * Work, and compiling for it. On devices in software a kernel was seen to compile for 20 s, and a machine may be ten
 * times as busy.
 */
export const WORK_LIMIT_MS = 300_000;

const TICK_MS = 1000;

/** Counts the answers of a device, whoever waited for them. */
export class Answers {
  count = 0;
}

/**
 * The promise's value, or DeviceSilentError when nothing was answered for so long. Time is counted in ticks, so that
 * neither sleep of the machine nor timers held back in a hidden tab count. @param what is waited for, e.g. `an adapter`.
 */
export function withinLimit<T>(
  promise: Promise<T>,
  what: string,
  limitMs: number,
  answers = new Answers(),
): Promise<T> {
  return new Promise((resolve, reject) => {
    let waitedMs = 0;
    let lastMs = performance.now();
    let seen = answers.count;
    const timer = setInterval(() => {
      const nowMs = performance.now();
      waitedMs = answers.count === seen ? waitedMs + Math.min(nowMs - lastMs, 2 * TICK_MS) : 0;
      lastMs = nowMs;
      seen = answers.count;
      if (waitedMs < limitMs) return;
      clearInterval(timer);
      reject(new DeviceSilentError(what, limitMs));
    }, TICK_MS);
    const end = () => {
      clearInterval(timer);
      answers.count++;
    };
    promise.then(
      (value) => {
        end();
        resolve(value);
      },
      (error) => {
        end();
        reject(error);
      },
    );
  });
}
