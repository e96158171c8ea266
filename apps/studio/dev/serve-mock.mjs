// Serves the built page with mock turns: `npm run build && npm run mock -w @firstword/studio`.
import { fileURLToPath } from 'node:url';
import { runnerImport } from 'vite';

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const { module } = await runnerImport(here('./mock-server.ts'));
const mock = await module.startMockStudio({
  distDir: here('../dist'),
  port: Number(process.env.PORT ?? 4010),
  turns: process.env.TURNS ? Number(process.env.TURNS) : undefined,
});
console.log(`The studio with mock turns: ${mock.url}`);
