// Writes the published schemas from the code: `npm run schema -w @firstword/turn` after a build.
import { writeFileSync } from 'node:fs';
import { callRecordJsonSchema, turnRecordJsonSchema } from '../dist/index.js';

const SCHEMAS = {
  'firstword.turn-1.json': turnRecordJsonSchema,
  'firstword.call-1.json': callRecordJsonSchema,
};
for (const [name, schemaOf] of Object.entries(SCHEMAS)) {
  const file = new URL(`../schema/${name}`, import.meta.url);
  writeFileSync(file, `${JSON.stringify(schemaOf(), null, 2)}\n`);
}
