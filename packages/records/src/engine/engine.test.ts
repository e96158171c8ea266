import { expect, it, vi } from 'vitest';
import { openQueryEngine, sqlText } from './engine.js';

it('says which command adds DuckDB where it is not installed', async () => {
  vi.doMock('@duckdb/node-api', () => {
    throw new Error('Cannot find package');
  });
  await expect(openQueryEngine()).rejects.toMatchObject({
    code: 'bad_input',
    message: expect.stringContaining('npm install @duckdb/node-api'),
  });
  vi.doUnmock('@duckdb/node-api');
});

it('keeps a text within its quotes', () => {
  expect(sqlText("it's'; DROP")).toBe("'it''s''; DROP'");
});
