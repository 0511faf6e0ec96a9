// A folder under a URL, in ranges where the server gives them.
import { afterEach, describe, expect, it, vi } from 'vitest';
import { contents, countingModel, readWhole, TINY } from '../../testing/modelFolders';
import { readFolder } from './readFolder';
import { urlSource } from './urlSource';
import { writeFolder } from './writeFolder';

describe('a folder under a URL', () => {
  const serve = (answer: (url: string) => Response | Promise<Response>) =>
    vi.stubGlobal('fetch', async (url: string) => answer(url));
  afterEach(() => vi.unstubAllGlobals());

  it('fetches each file and reports how much has come', async () => {
    const files = await writeFolder(countingModel(TINY));
    serve((url) => {
      const bytes = files.get(url.replace('models/tiny/', ''));
      return bytes
        ? new Response(bytes.slice(), { headers: { 'content-length': String(bytes.length) } })
        : new Response('', { status: 404 });
    });
    const seen: [string, number, number][] = [];
    const model = await readFolder(urlSource('models/tiny/', (...progress) => seen.push(progress)));
    expect(await contents(model.tensors)).toEqual(await contents(countingModel(TINY).tensors));
    const size = files.get('model.safetensors')?.length;
    expect(seen.at(-1)).toEqual(['model.safetensors', size, size]);
  });

  /** A server of TINY's folder that gives ranges if asked for them, and keeps what it was asked. */
  async function serveRanges(change: (answer: Response, asked: Request) => Response = (answer) => answer) {
    const files = await writeFolder(countingModel(TINY));
    const asked: string[] = [];
    vi.stubGlobal('fetch', async (url: string, init?: RequestInit) => {
      const request = new Request(`http://test/${url}`, init);
      const [start, end] = (/^bytes=(\d+)-(\d+)$/.exec(request.headers.get('range') ?? '') ?? []).slice(1).map(Number);
      const name = url.replace('m/', '');
      asked.push(`${request.method} ${name}${end === undefined ? '' : ` ${start}-${end}`}`);
      const bytes = files.get(name);
      if (!bytes) return new Response(null, { status: 404 });
      const answer = (part: Uint8Array, status: number, more = {}) => {
        return new Response(part.slice(), { status, headers: { 'content-length': String(part.length), ...more } });
      };
      if (start === undefined || end === undefined) return change(answer(bytes, 200), request);
      const range = { 'content-range': `bytes ${start}-${end}/${bytes.length}` };
      return change(answer(bytes.subarray(start, end + 1), 206, range), request);
    });
    return { files, asked };
  }

  const weightsOf = (asked: readonly string[]) =>
    asked.filter((line) => line.includes('model.safetensors') && !line.includes('index'));

  it('asks for ranges of weights that are large, and for small tensors together', async () => {
    const { asked, files } = await serveRanges();
    const seen: [string, number, number][] = [];
    const model = await readWhole(urlSource('m', (...progress) => seen.push(progress), 100));
    expect(await contents(model.tensors)).toEqual(await contents(countingModel(TINY).tensors));
    const size = files.get('model.safetensors')?.length as number;
    expect(weightsOf(asked)).toEqual(['GET model.safetensors', `GET model.safetensors 0-${size - 1}`]);
    expect(seen.at(-1)).toEqual(['model.safetensors', size, size]);
  });

  it('asks for others whole, once', async () => {
    const { asked } = await serveRanges();
    const model = await readWhole(urlSource('m'));
    expect(await contents(model.tensors)).toEqual(await contents(countingModel(TINY).tensors));
    expect(weightsOf(asked)).toEqual(['GET model.safetensors']);
  });

  it('fetches a file whole, once, whose server does not tell its size', async () => {
    const { asked } = await serveRanges((answer) => {
      answer.headers.delete('content-length');
      return answer;
    });
    const model = await readWhole(urlSource('m', undefined, 100));
    expect(await contents(model.tensors)).toEqual(await contents(countingModel(TINY).tensors));
    expect(weightsOf(asked)).toEqual(['GET model.safetensors']);
  });

  it('says so where the server sends another part than was asked for', async () => {
    const { files } = await serveRanges((answer) => {
      if (answer.status === 206) answer.headers.set('content-range', 'bytes 8-9/10');
      return answer;
    });
    expect(files.size).toBeGreaterThan(0);
    await expect(readFolder(urlSource('m', undefined, 100))).rejects.toThrow('another part than was asked for');
  });

  it('takes 404 and a page served instead of the file for "no such file"', async () => {
    serve((url) =>
      url.endsWith('a')
        ? new Response('', { status: 404 })
        : new Response('<html>', { headers: { 'content-type': 'text/html; charset=utf-8' } }),
    );
    expect(await urlSource('m').read('a')).toBeUndefined();
    expect(await urlSource('m').read('b')).toBeUndefined();
  });

  it('names the file when the server or the network fails', async () => {
    serve(() => new Response('', { status: 503 }));
    await expect(urlSource('m').read('config.json')).rejects.toMatchObject({
      fault: 'unreadable_file',
      subject: 'config.json',
    });
    serve(() => Promise.reject(new TypeError('Failed to fetch')));
    await expect(urlSource('m').read('config.json')).rejects.toThrow(
      'm/config.json could not be fetched (Failed to fetch).',
    );
  });
});
