// Writes the published schema from the code: `npm run schema -w @firstword/turn` after a build.
import { writeFileSync } from 'node:fs';
import { turnRecordJsonSchema } from '../dist/index.js';

const file = new URL('../schema/firstword.turn-1.json', import.meta.url);
writeFileSync(file, `${JSON.stringify(turnRecordJsonSchema(), null, 2)}\n`);
