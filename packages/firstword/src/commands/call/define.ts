import { CALLER } from '../../fetched/package-set.js';
import { SERVER_HELP } from '../../livekit-server.js';
import { wholeNumber } from '../../options.js';
import type { CommandEntry } from '../command.js';

/** The `call` command. */
export const call: CommandEntry = {
  define: (command) =>
    command
      .name('call')
      .description(
        'Calls any LiveKit agent with a scripted caller and measures the silences from the recorded audio.',
      )
      .option('-u, --url <url>', 'address of the LiveKit server')
      .option('--api-key <key>', 'API key of the server: its name, not its secret')
      .option('--api-secret-file <file>', 'file with the API secret of the server')
      .option('-r, --room <name>', 'room to join (default: a new room for each call)')
      .option('-n, --agent-name <name>', 'dispatch the agent of this name to the room')
      .option('-c, --calls <n>', 'number of calls', wholeNumber(1, 1000), 1)
      .option('--concurrent <n>', 'number of calls at the same time', wholeNumber(1, 100), 1)
      .option('-t, --turns <n>', 'caller turns per call', wholeNumber(1, 1000), 8)
      .option('--audio <path>', 'play your own recordings: an audio file, or a folder of turns or calls')
      .option('--voice <name>', "the caller's voice: rms, awb, kal16 or slt", 'rms')
      .option('--snr <dB>', 'add background noise this many dB below the voice', wholeNumber(0, 60))
      .option('--telephone', 'call like a telephone: SIP participant, 8 kHz, μ-law')
      .option(
        '--records <dir>',
        "align the caller's tape with the agent's records and tapes in this folder (firstword agent --tape)",
      )
      .option(
        '--aligned-records <dir>',
        'with --records: write copies of those records with the transport in their ledgers',
      )
      .option('-s, --seed <n>', 'seed of the caller', wholeNumber(0, 2 ** 31 - 1), 1)
      .option('-o, --out <dir>', 'folder for the tapes', 'firstword-out/call')
      .option('--keep-days <n>', 'at the start, remove tapes in --out that are older', wholeNumber(1, 36_500))
      .option('--json', 'print one JSON object per call and a summary on stdout; progress on stderr')
      .addHelpText(
        'after',
        `
Works with any agent, in any language, because only its audio is used. A gap is measured from the last sample of the
caller's speech sent into WebRTC to the first audible sample of the answer received from it, so codec, network and jitter
buffer are included. Each call writes OUT/<call>.wav (left channel the caller, right channel the agent).

The time to hello is measured from the caller's arrival in the room to the agent's first audible sample, in calls in which the agent
speaks first.

With --records, for a Firstword agent on this machine, the gap of every turn on the caller's tape is compared with its
ledger plus the transport. The transport is measured by locating the same audio in both tapes. --aligned-records writes
records that contain both, for firstword report, doctor and what-if. Without records an apology sounds like an answer;
with them, turns that failed are named and are in no figure.

The sample caller calls a restaurant. For any other agent, record typical caller lines and use --audio.

${SERVER_HELP}

Exit codes: 0 success; 1 a turn was not answered or failed, a call was aborted or its records were not found; 2 invalid usage; 130
stopped by Ctrl-C (the results so far are printed).

Examples:
  $ npx firstword call
  $ npx firstword call --calls 10 --json > gaps.jsonl
  $ npx firstword call --calls 20 --concurrent 4 --telephone
  $ npx firstword call --records firstword-out/agent --aligned-records aligned
  $ npx firstword call --room support-42 --audio my-recordings
  $ npx firstword call --url wss://my.livekit.cloud --agent-name receptionist`,
      ),
  needs: () => CALLER,
  load: async () => {
    // With any other value, LiveKit's SDK logs every message to stdout.
    process.env.NODE_ENV = 'production';
    return (await import('./call.js')).call;
  },
};
