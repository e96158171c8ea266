import { expect, it, vi } from 'vitest';
import { openQueryEngine, sqlText } from './engine.js';

it('names the command that installs DuckDB if it is missing', async () => {
  vi.doMock('@duckdb/node-api', () => {
    throw new Error('Cannot find package');
  });
  await expect(openQueryEngine()).rejects.toMatchObject({
    code: 'bad_input',
    message: expect.stringContaining('npm install @duckdb/node-api'),
  });
  vi.doUnmock('@duckdb/node-api');
});

it('escapes quotes in a text', () => {
  expect(sqlText("it's'; DROP")).toBe("'it''s''; DROP'");
});
