import { oneOf, type Random } from '@firstword/turn/statistics';
import { happens, hexDigits } from './draw.js';
import { iso, type PrintedLine } from './record.js';
import { FOREIGN_LINES } from './vocabulary.js';

/** How a file is called and what is in it. */
export interface WildFile {
  name: string;
  text: string;
}

/** Puts the lines of a program into the form in which a platform shows them. */
export interface Wrapper {
  id: string;
  /** Multi-line records are still readable: JSON on one line is not needed. */
  wrap(lines: readonly PrintedLine[], random: Random): WildFile;
}

/** Lines of other programs between those of the agent. */
function withForeign(lines: readonly PrintedLine[], random: Random, share: number): PrintedLine[] {
  return lines.flatMap((line) =>
    happens(random, share) ? [{ atMs: line.atMs, text: oneOf(FOREIGN_LINES, random) }, line] : [line],
  );
}

const text = (lines: readonly string[]): string => `${lines.join('\n')}\n`;
const nanos = (atMs: number, random: Random): string =>
  iso(atMs).replace('Z', `${String(random.integer(0, 999_999)).padStart(6, '0')}Z`);

const none: Wrapper = {
  id: 'plain',
  wrap: (lines, random) => ({
    name: 'agent.log',
    text: text(withForeign(lines, random, 0.02).map((one) => one.text)),
  }),
};

const compose: Wrapper = {
  id: 'compose',
  wrap: (lines, random) => {
    const prefix = oneOf(['agent-1  | ', 'voice-agent_1  | ', 'livekit-agent-1 | ', 'ai-1     | '], random);
    const others = ['redis-1  | ', 'web-1    | '];
    return {
      name: 'compose.log',
      text: text(
        withForeign(lines, random, 0.06).map((one) =>
          FOREIGN_LINES.includes(one.text as never) ? oneOf(others, random) + one.text : prefix + one.text,
        ),
      ),
    };
  },
};

const kubectlTimestamps: Wrapper = {
  id: 'kubectl-timestamps',
  wrap: (lines, random) => ({
    name: 'pod.log',
    text: text(withForeign(lines, random, 0.02).map((one) => `${nanos(one.atMs, random)} ${one.text}`)),
  }),
};

const kubectlPrefix: Wrapper = {
  id: 'kubectl-prefix',
  wrap: (lines, random) => {
    const pod = `[pod/agent-${hexDigits(random, 9)}-${hexDigits(random, 5)}/agent] `;
    return { name: 'pods.log', text: text(withForeign(lines, random, 0.03).map((one) => pod + one.text)) };
  },
};

const cri: Wrapper = {
  id: 'cri',
  wrap: (lines, random) => ({
    name: '0.log',
    text: text(
      lines.map(
        (one) => `${nanos(one.atMs, random)} ${happens(random, 0.9) ? 'stdout' : 'stderr'} F ${one.text}`,
      ),
    ),
  }),
};

const journald: Wrapper = {
  id: 'journald',
  wrap: (lines, random) => {
    const unit = `ip-10-0-4-${random.integer(2, 250)} agent[${random.integer(400, 9000)}]: `;
    const clock = (atMs: number) => {
      const [, month, day, , time] = new Date(atMs)
        .toUTCString()
        .replace(',', '')
        .split(' ')
        .map((part, at, all) => (at === 1 ? all[2] : at === 2 ? all[1] : part));
      return `${month} ${day} ${time}`;
    };
    return {
      name: 'journal.txt',
      text: text(withForeign(lines, random, 0.02).map((one) => `${clock(one.atMs)} ${unit}${one.text}`)),
    };
  },
};

const dockerJson: Wrapper = {
  id: 'docker-json-file',
  wrap: (lines, random) => ({
    name: `${hexDigits(random, 12)}-json.log`,
    text: text(
      lines.map((one) =>
        JSON.stringify({ log: `${one.text}\n`, stream: 'stdout', time: nanos(one.atMs, random) }),
      ),
    ),
  }),
};

/** A JSON line becomes `jsonPayload`, any other line `textPayload`, as Cloud Logging does it. */
const gcp: Wrapper = {
  id: 'gcp',
  wrap: (lines, random) => ({
    name: 'downloaded-logs.json',
    text: `${JSON.stringify(
      lines.map((one) => {
        const parsed = parsedObject(one.text);
        return {
          insertId: hexDigits(random, 16),
          ...(parsed ? { jsonPayload: parsed } : { textPayload: one.text }),
          resource: { type: 'k8s_container', labels: { container_name: 'agent', namespace_name: 'prod' } },
          timestamp: nanos(one.atMs, random),
          severity: 'INFO',
          logName: 'projects/acme-voice/logs/stdout',
        };
      }),
      null,
      2,
    )}\n`,
  }),
};

const datadog: Wrapper = {
  id: 'datadog',
  wrap: (lines, random) => ({
    name: 'datadog-export.json',
    text: `${JSON.stringify({
      data: lines.map((one) => {
        const parsed = parsedObject(one.text);
        const message = parsed ? String(parsed.message ?? parsed.msg ?? '') : one.text;
        return {
          id: `AZ${hexDigits(random, 20)}`,
          type: 'log',
          attributes: {
            timestamp: iso(one.atMs),
            service: 'voice-agent',
            status: 'info',
            host: 'i-0a1',
            message,
            tags: ['env:prod'],
            ...(parsed ? { attributes: parsed } : {}),
          },
        };
      }),
    })}\n`,
  }),
};

const csv = (value: string): string => `"${value.replaceAll('"', '""')}"`;

const cloudWatchCsv: Wrapper = {
  id: 'cloudwatch-csv',
  wrap: (lines, random) => {
    const stream = `agent/agent/${hexDigits(random, 32)}`;
    return {
      name: 'logs-insights-results.csv',
      text: text([
        '@timestamp,@message,@logStream',
        ...lines.map(
          (one) => `${iso(one.atMs).replace('T', ' ').replace('Z', '')},${csv(one.text)},${stream}`,
        ),
      ]),
    };
  },
};

const cloudWatchTail: Wrapper = {
  id: 'cloudwatch-tail',
  wrap: (lines, random) => {
    const stream = `agent/agent/${hexDigits(random, 32)}`;
    return {
      name: 'tail.txt',
      text: text(lines.map((one) => `${iso(one.atMs).replace('Z', '000+00:00')} ${stream} ${one.text}`)),
    };
  },
};

const fly: Wrapper = {
  id: 'fly',
  wrap: (lines, random) => {
    const machine = hexDigits(random, 14);
    return {
      name: 'fly.log',
      text: text(lines.map((one) => `${iso(one.atMs).slice(0, 19)}Z app[${machine}] iad [info]${one.text}`)),
    };
  },
};

const heroku: Wrapper = {
  id: 'heroku',
  wrap: (lines) => ({
    name: 'heroku.log',
    text: text(lines.map((one) => `${iso(one.atMs).replace('Z', '482+00:00')} app[agent.1]: ${one.text}`)),
  }),
};

const fluentBit: Wrapper = {
  id: 'fluent-bit',
  wrap: (lines, random) => {
    const kubernetes = {
      pod_name: `agent-${hexDigits(random, 9)}`,
      namespace_name: 'voice',
      container_name: 'agent',
    };
    return {
      name: 'fluent-bit.jsonl',
      text: text(
        lines.map((one) =>
          JSON.stringify({
            date: one.atMs / 1000,
            time: nanos(one.atMs, random),
            stream: 'stdout',
            _p: 'F',
            log: one.text,
            kubernetes,
          }),
        ),
      ),
    };
  },
};

const stern: Wrapper = {
  id: 'stern',
  wrap: (lines, random) => {
    const pod = `agent-${hexDigits(random, 9)}-${hexDigits(random, 5)} agent `;
    return { name: 'stern.log', text: text(withForeign(lines, random, 0.03).map((one) => pod + one.text)) };
  },
};

const loki: Wrapper = {
  id: 'loki',
  wrap: (lines) => ({
    name: 'logcli.txt',
    text: text(lines.map((one) => `${iso(one.atMs).slice(0, 19)}Z {app="agent", pod="agent-0"} ${one.text}`)),
  }),
};

/** Quoted in a forum, with the end of the paste cut off. */
const quoted: Wrapper = {
  id: 'quoted',
  wrap: (lines, random) => {
    const all = lines.map((one) => `> ${one.text}`).join('\n');
    return { name: 'forum.txt', text: all.slice(0, all.length - random.integer(5, 60)) };
  },
};

/** Saved by an editor on Windows. */
const windows: Wrapper = {
  id: 'windows',
  wrap: (lines) => ({ name: 'agent.txt', text: `\ufeff${lines.map((one) => one.text).join('\r\n')}\r\n` }),
};

const markdownFence: Wrapper = {
  id: 'markdown-fence',
  wrap: (lines, random) => ({
    name: 'issue.md.txt',
    text: [
      'Hi all, our agent takes a long time to answer, what can we do about it?',
      '',
      oneOf(['```', '```shell', '```json'], random),
      ...lines.map((one) => one.text),
      '```',
      '',
      'Any help appreciated!',
      '',
    ].join('\n'),
  }),
};

function parsedObject(line: string): Record<string, unknown> | undefined {
  if (!line.startsWith('{')) return undefined;
  try {
    return JSON.parse(line) as Record<string, unknown>;
  } catch {
    return undefined;
  }
}

/** Every way in which lines reach a file. */
export const WRAPPERS: readonly Wrapper[] = [
  none,
  compose,
  kubectlTimestamps,
  kubectlPrefix,
  cri,
  journald,
  dockerJson,
  gcp,
  datadog,
  cloudWatchCsv,
  cloudWatchTail,
  markdownFence,
  fly,
  heroku,
  fluentBit,
  stern,
  loki,
  quoted,
  windows,
];
