import { cpSync, mkdirSync, mkdtempSync, realpathSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';

/** A plugin that brings its own copies of LiveKit's packages. */
export interface PluginWithCopies {
  /** The folder of everything. */
  folder: string;
  /** The plugin's folder. */
  root: string;
  /** The plugin's class, and its copies. */
  AcmeTTS: new () => object;
  agents: typeof import('@livekit/agents');
  rtc: typeof import('@livekit/rtc-node');
}

/** The folder of an installed package. */
function folderOf(name: string): string {
  const entry = realpathSync(createRequire(import.meta.url).resolve(name));
  return entry.slice(0, entry.lastIndexOf(`${join('/', name)}/`) + name.length + 1);
}

/** Copies the modules of a package; what it depends on is found where it is now. */
function copyPackage(name: string, version: string, modules: string): void {
  const from = folderOf(name);
  const to = join(modules, name);
  const isModule = (path: string) =>
    !/\.[^/.]+$/.test(path) || (/\.c?js$/.test(path) && !/\.test\./.test(path));
  cpSync(join(from, 'dist'), join(to, 'dist'), { recursive: true, filter: isModule });
  const exports = './dist/index.js';
  writeFileSync(join(to, 'package.json'), JSON.stringify({ name, version, type: 'module', exports }));
}

/** Writes a plugin with copies of `@livekit/agents` (as 1.9.3) and `@livekit/rtc-node`, and loads all three. */
export async function loadPluginWithCopies(): Promise<PluginWithCopies> {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'firstword-copies-')));
  symlinkSync(dirname(dirname(folderOf('@livekit/agents'))), join(folder, 'node_modules'));
  const root = join(folder, 'app/node_modules/acme-tts');
  const modules = join(root, 'node_modules');
  mkdirSync(modules, { recursive: true });
  copyPackage('@livekit/agents', '1.9.3', modules);
  copyPackage('@livekit/rtc-node', '0.13.99', modules);
  writeFileSync(
    join(root, 'package.json'),
    JSON.stringify({ name: 'acme-tts', version: '2.0.1', type: 'module' }),
  );
  writeFileSync(
    join(root, 'index.js'),
    `import * as agents from '@livekit/agents';
    import * as rtc from '@livekit/rtc-node';
    export class AcmeTTS extends agents.tts.TTS { label = 'acme'; constructor() { super(24000, 1, { streaming: false }); } }
    export { agents, rtc };`,
  );
  const loaded = await import(pathToFileURL(join(root, 'index.js')).href);
  return { folder, root, ...loaded };
}
