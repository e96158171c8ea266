// Writes the published schema from the code: `npm run schema -w @firstword/gateway` after a build.
import { writeFileSync } from 'node:fs';
import { configJsonSchema } from '../dist/config/index.js';

const file = new URL('../schema/gateway.schema.json', import.meta.url);
writeFileSync(file, `${JSON.stringify(configJsonSchema(), null, 2)}\n`);
