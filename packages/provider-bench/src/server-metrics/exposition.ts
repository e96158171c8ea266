/** One sample of the Prometheus text format. */
export interface MetricSample {
  name: string;
  labels: Record<string, string>;
  value: number;
}

const LINE = /^([A-Za-z_:][\w:]*)(?:\{(.*)\})?\s+(\S+)(?:\s+-?\d+)?$/;
const LABEL = /([A-Za-z_]\w*)="((?:[^"\\]|\\.)*)"/g;
const ESCAPES: Record<string, string> = { '\\\\': '\\', '\\"': '"', '\\n': '\n' };

function numberOf(text: string): number {
  if (text === '+Inf') return Number.POSITIVE_INFINITY;
  return text === '-Inf' ? Number.NEGATIVE_INFINITY : Number(text);
}

/** Some builds of llama.cpp return the whole text as one JSON string (ggml-org/llama.cpp#17384). */
function plain(text: string): string {
  if (!text.startsWith('"')) return text;
  try {
    return String(JSON.parse(text));
  } catch {
    return text;
  }
}

/** Parses the Prometheus text format, version 0.0.4. Invalid lines are skipped. */
export function parseExposition(text: string): MetricSample[] {
  return plain(text)
    .split('\n')
    .flatMap((line) => {
      const [, name, labels = '', value] = LINE.exec(line.trim()) ?? [];
      if (name === undefined || value === undefined || line.startsWith('#')) return [];
      const found = [...labels.matchAll(LABEL)].map(
        ([, key, quoted]) => [key!, quoted!.replace(/\\[\\"n]/g, (sign) => ESCAPES[sign]!)] as const,
      );
      return [{ name, labels: Object.fromEntries(found), value: numberOf(value) }];
    });
}
