// The API reference of every published package, from the entry points that its package.json exports.
import { readdirSync, readFileSync } from 'node:fs';
import { Application, ReflectionKind } from 'typedoc';

function hasApi(folder) {
  const manifest = new URL(`${folder}/package.json`, import.meta.url);
  const { private: isPrivate, exports = {} } = JSON.parse(readFileSync(manifest, 'utf8'));
  return !isPrivate && Object.values(exports).some((target) => target.types);
}

/** TypeDoc leaves the main entry point of a package with several nameless, and links to it without text. */
function nameMainEntries(app) {
  app.on(Application.EVENT_PROJECT_REVIVE, (project) => {
    for (const module of project.getReflectionsByKind(ReflectionKind.Module)) {
      if (module.name === '') module.name = 'index';
    }
  });
}

/** @type {Partial<import('typedoc').TypeDocOptions>} */
export default {
  name: 'Firstword',
  entryPointStrategy: 'packages',
  entryPoints: readdirSync(new URL('packages', import.meta.url))
    .map((name) => `packages/${name}`)
    .filter(hasApi),
  out: 'docs-api',
  plugin: [nameMainEntries],
  // The root README links to folders, which TypeDoc cannot copy.
  readme: 'none',
  packageOptions: {
    // `tsc -b` runs first and has checked the types.
    skipErrorChecking: true,
    // Source links need a public remote, which does not exist yet.
    disableSources: true,
    // What AgentSession inherits is in LiveKit's reference.
    excludeExternals: true,
  },
  validation: { notExported: true, invalidLink: true, rewrittenLink: true, notDocumented: false },
  // Comments inherited from LiveKit link to LiveKit's own classes.
  externalSymbolLinkMappings: { '@livekit/agents': { '*': '#' } },
  treatWarningsAsErrors: true,
};
