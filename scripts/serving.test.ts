import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { isFree, movedNotice, portOfEnvironment, readStartOptions, ServingError, whoAnswers } from './serving.mjs';

describe('npm start', () => {
  it('takes a port from the command line before that of the environment, and the usual one from neither', () => {
    expect(readStartOptions(['--port', '5000'], { PORT: '6000' }).port).toBe(5000);
    expect(readStartOptions(['--port=5000'], {}).port).toBe(5000);
    expect(readStartOptions(['--no-open'], { PORT: '6000' })).toEqual({ port: 6000, isOpening: false, isHelp: false });
    expect(readStartOptions([], { PORT: '' })).toEqual({ port: undefined, isOpening: true, isHelp: false });
  });

  it.each(['0', '65536', 'http', '-1', '80.5', ' 80'])('refuses the port “%s” and says what one is', (port) => {
    expect(() => portOfEnvironment({ PORT: port })).toThrow(ServingError);
    expect(() => readStartOptions([`--port=${port}`], {})).toThrow(`--port is “${port}”. Give a whole number from 1`);
  });

  it.each([['--prot', '5000'], ['5000'], ['--port']])('refuses %s, and says what it takes', (...args) => {
    expect(() => readStartOptions(args, {})).toThrow(/--port N/);
  });

  it('says of a move where the runs are that are not here', () => {
    expect(movedNotice(4173, 4174)).toMatch(
      /http:\/\/localhost:4174 [\s\S]*made at http:\/\/localhost:4173 are not shown/,
    );
  });

  it('knows its own build from another program at a port', async () => {
    const server = createServer((_, response) => response.end('<title>Soliloquy</title>')).listen(0, 'localhost');
    await new Promise((resolve) => server.once('listening', resolve));
    const { port } = server.address() as AddressInfo;
    expect(await isFree(port)).toBe(false);
    expect(await whoAnswers(port, '<title>Soliloquy</title>')).toBe('this build');
    expect(await whoAnswers(port, '<title>Soliloquy, another build</title>')).toBe('another');
    await new Promise((resolve) => server.close(resolve));
    expect(await isFree(port)).toBe(true);
    expect(await whoAnswers(port, '<title>Soliloquy</title>')).toBe('another');
  });
});

describe('a fresh npm install', () => {
  it('finds every install script of a dependency judged, so it says nothing of them', () => {
    const { allowScripts = {} } = JSON.parse(readFileSync('package.json', 'utf8'));
    const { packages } = JSON.parse(readFileSync('package-lock.json', 'utf8'));
    const scripted = Object.entries<{ hasInstallScript?: boolean }>(packages)
      .filter(([, { hasInstallScript }]) => hasInstallScript)
      .map(([path]) => path.replace(/^.*node_modules\//, ''));
    expect(scripted.length).toBeGreaterThan(0);
    expect(Object.keys(allowScripts).sort()).toEqual([...new Set(scripted)].sort());
  });
});
