import { writeFileSync } from 'node:fs';
import { it } from 'vitest';
import { CLIENTS } from './clients/clients.js';
import { startRecordedUpstream } from './clients/upstream.js';

for (const { name, install } of CLIENTS)
  it(name, async () => {
    const up = await startRecordedUpstream();
    const client = await install();
    const t = Date.now();
    const r = await client.run(up.baseUrl);
    writeFileSync(`/tmp/clients-${name.replaceAll(' ', '_')}.json`, JSON.stringify({ ms: Date.now() - t, r, stats: up.stats(), reqs: up.take() }, null, 1));
    await up.close();
  }, 900_000);
