import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { configJsonSchema } from './schema.js';

it('is published as it is in the code: npm run schema -w @firstword/gateway', () => {
  const file = new URL('../../schema/gateway.schema.json', import.meta.url);
  expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(configJsonSchema());
});

it('describes every setting, so that editors can explain it', () => {
  const undescribed: string[] = [];
  const visit = (node: unknown, path: string): void => {
    if (typeof node !== 'object' || node === null) return;
    for (const [name, child] of Object.entries((node as { properties?: object }).properties ?? {})) {
      if (!(child as { description?: string }).description) undescribed.push(`${path}.${name}`);
    }
    for (const [name, child] of Object.entries(node)) visit(child, `${path}.${name}`);
  };
  visit(configJsonSchema(), '');
  expect(undescribed).toEqual([]);
});
