// What the page's main thread did, from the browser's own trace, which knows how long a task held a processor. The wall
// clock does not: where a GPU in software keeps every core busy, a short task that was put aside looks long.
import type { CDPSession, Page } from '@playwright/test';

export interface MainThreadTask {
  /** Since the watch began. */
  readonly startMs: number;
  readonly wallMs: number;
  /** Time on a processor. */
  readonly cpuMs: number;
}

interface TraceEvent {
  readonly name: string;
  readonly pid: number;
  readonly tid: number;
  readonly ts: number;
  readonly dur?: number;
  readonly tdur?: number;
}

const [BEGIN, END, CONTROL] = ['watch begins', 'watch ends', 'watch control'];
const CATEGORIES = ['blink.user_timing', 'disabled-by-default-devtools.timeline'];

const mark = (page: Page, name: string) => page.evaluate((text) => void performance.mark(text), name);

async function trace(session: CDPSession): Promise<() => Promise<TraceEvent[]>> {
  const events: TraceEvent[] = [];
  session.on('Tracing.dataCollected', ({ value }) => events.push(...(value as unknown as TraceEvent[])));
  await session.send('Tracing.start', {
    transferMode: 'ReportEvents',
    traceConfig: { includedCategories: CATEGORIES, excludedCategories: ['*'] },
  });
  return async () => {
    const complete = new Promise((resolve) => session.once('Tracing.tracingComplete', resolve));
    await session.send('Tracing.end');
    await complete;
    return events;
  };
}

/**
 * Watches the main thread from now on; the returned function ends the watch and gives the tasks that began in it, and
 * beside them one made to be long, by which a test knows that it would have seen others.
 */
export async function watchMainThread(
  page: Page,
): Promise<() => Promise<{ readonly tasks: MainThreadTask[]; readonly control: MainThreadTask }>> {
  const session = await page.context().browser()?.newBrowserCDPSession();
  if (session === undefined) throw new Error('only a browser that was launched can be traced');
  const stop = await trace(session);
  await mark(page, BEGIN as string);
  return async () => {
    await mark(page, END as string);
    await page.evaluate((name) => {
      performance.mark(name);
      let sum = 0;
      for (let i = 0; i < 4e8; i++) sum = (sum * 31 + i) | 0;
      return sum;
    }, CONTROL as string);
    // The page answers before its task ends, and a trace that stops first lacks the task: a later task comes after it.
    await page.evaluate(() => new Promise((resolve) => setTimeout(resolve)));
    const events = await stop();
    await session.detach();
    const find = (name: string | undefined) => {
      const found = events.find((event) => event.name === name);
      if (found === undefined) throw new Error(`the trace lost the mark “${name}”`);
      return found;
    };
    const [begin, end, control] = [find(BEGIN), find(END), find(CONTROL)];
    const all = events.filter(({ name, pid, tid }) => name === 'RunTask' && pid === begin.pid && tid === begin.tid);
    const measure = ({ ts, dur, tdur }: TraceEvent): MainThreadTask => {
      if (dur === undefined || tdur === undefined) throw new Error('the trace has no times of the processor');
      return { startMs: (ts - begin.ts) / 1000, wallMs: dur / 1000, cpuMs: tdur / 1000 };
    };
    const holding = all.find(({ ts, dur = 0 }) => ts <= control.ts && control.ts <= ts + dur);
    if (holding === undefined) throw new Error('the trace lost the task that was made to be long');
    const within = all.filter(({ ts }) => ts > begin.ts && ts < end.ts);
    // The browser now and then leaves the times of a task out.
    const timed = within.filter(({ dur, tdur }) => dur !== undefined && tdur !== undefined);
    if (timed.length < 0.99 * within.length) throw new Error('the trace has no times of the processor');
    return { tasks: timed.map(measure), control: measure(holding) };
  };
}
