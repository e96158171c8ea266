import { wholeNumber } from '../../options.js';
import type { CommandEntry } from '../command.js';
import { HELP } from './help.js';

const collect = (value: string, before: string[]) => [...before, value];

/** The `emulate` command. */
export const emulate: CommandEntry = {
  define: (command) =>
    command
      .name('emulate')
      .description(
        'Runs an emulated LLM provider, hosted speech services or realtime models on a local port: real sockets, published delays.',
      )
      .option('--port <n>', 'port to listen on; 0 picks a free one', wholeNumber(0, 65_535), 0)
      .option('--host <address>', 'address to listen on', '127.0.0.1')
      .option('-p, --profile <name>', 'profile for requests that name none')
      .option('-s, --seed <n>', 'seed of the delays', wholeNumber(0, 2 ** 31 - 1), 1)
      .option('--fault <kind>', 'KIND[:NUMBER][@PROBABILITY]; repeatable', collect, [])
      .option('--faults <file>', 'fault plan as JSON: schedules, probabilities, per profile')
      .option('--limits <preset>', 'rate limits per key that queue or reject: groq-free-tier')
      .option(
        '--rtt <ms>',
        'round-trip time to the provider; a new connection costs two more',
        wholeNumber(0, 10_000),
      )
      .option('--tls', 'serve HTTPS with a certificate created at the start')
      .option('--key-env <name>', 'reject requests without the API key in this environment variable')
      .option('--key-file <file>', 'reject requests without the API key in this file')
      .option('--strict', 'reject models without a profile')
      .option('--speech <services>', 'serve speech services too: names separated by commas, see below')
      .option(
        '--transcript <file>',
        'what is heard, by STT services or realtime models: one line per turn of the caller',
      )
      .option('--stt-profile <name>', 'timing of all STT services (default: that of the model asked for)')
      .option('--tts-profile <name>', 'timing of all TTS services (default: that of the model asked for)')
      .option('--speech-fault <kind>', 'KIND[:NUMBER][@PROBABILITY]; repeatable', collect, [])
      .option('--speech-faults <file>', 'fault plan of the speech services as JSON')
      .option('--realtime', 'serve the realtime APIs of OpenAI (GPT-Live too), xAI and Google, see below')
      .option('--realtime-profile <name>', 'latency of all realtime APIs (default: one for each)')
      .option('--realtime-fault <kind>', 'KIND[:NUMBER][@PROBABILITY]; repeatable', collect, [])
      .option('--realtime-faults <file>', 'fault plan of the realtime APIs as JSON')
      .option('--list', 'list the profiles with their sources, with --speech or --realtime theirs, then exit')
      .option('--json', 'print as JSON')
      .addHelpText('after', HELP),
  load: async () => (await import('./emulate.js')).emulate,
};
