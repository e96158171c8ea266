import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { spokenByCaller } from '../../e2e/support/speech.js';
import { removeFolder, temporaryFolder } from './process.js';
import { publishAll, startRegistry } from './registry.js';
import { CannotRun, type KeptFolders, keptFolders } from './tools.js';

/** What every file of the suite gets. */
export interface InstallSetup extends KeptFolders {
  /** Address of the registry with the packages of this tree, with a trailing slash. */
  registry: string;
  /** name@version of each published package. */
  published: string[];
  /** What the caller says: mono 16-bit PCM at 16 kHz. */
  recording: string;
}

declare module 'vitest' {
  export interface ProvidedContext {
    /** Undefined where the suite cannot run. */
    install: InstallSetup | undefined;
  }
}

/** Starts the registry and publishes this tree's packages to it, once for all files of the suite. */
export default async function setup(project: TestProject): Promise<(() => Promise<void>) | undefined> {
  const folder = temporaryFolder('registry');
  try {
    const kept = await keptFolders();
    const registry = await startRegistry({ tools: kept.tools, folder });
    const end = async () => {
      await registry.stop();
      removeFolder(folder);
    };
    try {
      const published = await publishAll({ url: registry.url, folder: join(folder, 'tarballs') });
      const [question] = await spokenByCaller('What are your opening hours?');
      const recording = join(folder, 'question.pcm');
      writeFileSync(recording, new Uint8Array(question!.buffer, question!.byteOffset, question!.byteLength));
      project.provide('install', { ...kept, registry: registry.url, published, recording });
      return end;
    } catch (error) {
      await end();
      throw error;
    }
  } catch (error) {
    removeFolder(folder);
    if (!(error instanceof CannotRun)) throw error;
    project.provide('install', undefined);
    console.warn(`NOT RUN: nothing can be installed here: ${error.message}`);
    return undefined;
  }
}
