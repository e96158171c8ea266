// What the Node clients are asked to do. Each script prints one JSON object: a result for each scenario.

export const OPEN = 'At what time do you open, and where are you?';
export const BOTH =
  'Please book a table for four people tomorrow at seven pm. And how is the weather in Paris?';

export const BOOK = {
  name: 'book_table',
  description: 'Books a table.',
  parameters: {
    type: 'object',
    properties: { party: { type: 'integer' }, date: { type: 'string' }, time: { type: 'string' } },
    required: ['party', 'date', 'time'],
    additionalProperties: false,
  },
};
export const WEATHER = {
  name: 'get_weather',
  description: 'The weather in a city.',
  parameters: {
    type: 'object',
    properties: { city: { type: 'string' } },
    required: ['city'],
    additionalProperties: false,
  },
};

/** One red pixel. */
export const PNG =
  'data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg==';

export const [, , BASE_URL, ...NAMES] = process.argv;

/** Runs the scenarios named after the base URL, or all, and prints their results. */
export async function main(scenarios) {
  const results = {};
  for (const [name, scenario] of Object.entries(scenarios)) {
    if (NAMES.length > 0 && !NAMES.includes(name)) continue;
    try {
      results[name] = await scenario();
    } catch (error) {
      results[name] = { raised: error.constructor.name, status: error.status ?? error.statusCode ?? null };
    }
  }
  process.stdout.write(`${JSON.stringify(results)}\n`, () => process.exit(0));
}
