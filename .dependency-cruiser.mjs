// Which package may import which, and no circles. `npm run imports` checks it; types count as imports.

/** Packages of this repository that each package may import: the arrows of docs/architecture.md, which never reverse. */
const MAY_IMPORT = {
  'packages/turn': [],
  'packages/llm': ['packages/turn'],
  'packages/records': ['packages/turn'],
  'packages/doctor': ['packages/turn', 'packages/records'],
  'packages/local': ['packages/turn'],
  'packages/livekit': ['packages/turn', 'packages/llm'],
  'packages/emulator': ['packages/turn'],
  'packages/calls': [
    'packages/turn',
    'packages/llm',
    'packages/records',
    'packages/local',
    'packages/livekit',
    'packages/emulator',
  ],
  'packages/gateway': ['packages/turn', 'packages/llm', 'packages/records'],
  'packages/provider-bench': ['packages/turn', 'packages/llm', 'packages/records', 'packages/emulator'],
  'packages/firstword': ['packages/'],
  // The page imports the protocol of the server that serves it.
  'apps/studio': ['packages/turn', 'packages/records', 'packages/firstword'],
};

const TESTS = ['/fixtures/', '\\.test\\.ts$', '\\.bench\\.ts$', '/testing/', '/bench/'];

const arrows = Object.entries(MAY_IMPORT).map(([from, allowed]) => ({
  name: `arrows-of-${from.replace('/', '-')}`,
  comment: `${from} may import ${allowed.join(', ') || 'no other package of this repository'} (docs/architecture.md).`,
  severity: 'error',
  from: { path: `^${from}/src/`, pathNot: TESTS },
  to: {
    path: '^(packages|apps|validation|tests|examples)/',
    pathNot: [from, ...allowed].map((path) => `^${path}`),
  },
}));

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: [
    {
      name: 'no-circles',
      comment: 'Put what both files need into a third one; option types have a file of their own.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    ...arrows,
    {
      name: 'livekit-in-one-package',
      comment: 'Only packages/livekit imports @livekit/*; validation compares with LiveKit itself.',
      severity: 'error',
      from: { pathNot: ['^packages/livekit/', '^validation/', '^examples/', '^tests/', ...TESTS] },
      to: { path: 'node_modules/@livekit/' },
    },
    {
      name: 'nothing-imports-validation',
      comment: 'validation/ is private: what is published may not import it.',
      severity: 'error',
      from: { path: '^(packages|apps|examples)/' },
      to: { path: '^validation/' },
    },
    {
      name: 'wild-corpus-shares-nothing',
      comment:
        'The cases that judge the doctor share nothing with it, with the import, or with the emulator: score.ts alone asks the doctor.',
      severity: 'error',
      from: { path: '^validation/src/wild-corpus/', pathNot: '/score\\.ts$' },
      to: { path: '^packages/', pathNot: '^packages/turn/' },
    },
    {
      name: 'own-package-by-path',
      comment: 'Within a package, import by path: its own name would resolve to the last build.',
      severity: 'error',
      from: { path: '^packages/([^/]+)/src/', pathNot: TESTS },
      to: { path: '^packages/$1/dist/' },
    },
  ],
  options: {
    doNotFollow: { path: ['node_modules', '/dist/'] },
    exclude: { path: ['/dist/assets/'] },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.base.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'types', 'default'],
    },
  },
};
