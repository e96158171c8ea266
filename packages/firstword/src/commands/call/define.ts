import { SERVER_HELP } from '../../livekit-server.js';
import { wholeNumber } from '../../options.js';
import type { CommandEntry } from '../command.js';

export const call: CommandEntry = {
  define: (command) =>
    command
      .name('call')
      .description(
        'Calls the agent of a LiveKit room, whoever made it, and measures the silences from the tape.',
      )
      .option('-u, --url <url>', 'the LiveKit server')
      .option('--api-key <key>', 'its API key')
      .option('--api-secret <secret>', 'its API secret')
      .option('-r, --room <name>', 'join this room (default: a new room a call)')
      .option('-n, --agent-name <name>', 'call this agent by its name into the room')
      .option('-c, --calls <n>', 'calls, one after another', wholeNumber(1, 1000), 1)
      .option('--concurrent <n>', 'so many calls at once', wholeNumber(1, 100), 1)
      .option('-t, --turns <n>', 'caller turns a call', wholeNumber(1, 1000), 8)
      .option('--audio <dir>', 'speak your own recordings: a WAV file a turn, a folder a call')
      .option('--voice <name>', "the caller's voice: rms, awb, kal16 or slt", 'rms')
      .option('--snr <dB>', 'noise around the caller, so many dB below the voice', wholeNumber(0, 60))
      .option('--telephone', 'call as a telephone does: a SIP participant, 8 kHz, μ-law')
      .option(
        '--records <dir>',
        "hold the agent's records and tapes there (firstword agent --tape) against the caller's",
      )
      .option(
        '--heard <dir>',
        'write those records there as the caller had them: the transport in the ledger (with --records)',
      )
      .option('-s, --seed <n>', 'same seed, same caller', wholeNumber(0, 2 ** 31 - 1), 1)
      .option('-o, --out <dir>', 'where the tapes go', 'firstword-out/call')
      .option('--keep-days <n>', 'remove tapes in DIR that are older', wholeNumber(1, 36_500))
      .option('--json', 'one JSON object per call, then a summary, on stdout; progress on stderr')
      .addHelpText(
        'after',
        `
The agent may be anybody's, in any language: it is only listened to. A gap is from the last sample of the caller's speech,
as it goes into WebRTC, to the first audible one of the answer, as it comes out: codec, network and jitter buffer
included. Writes DIR/<call>.wav (left the caller, right the agent).

With --records, where the agent is Firstword's and its folder is at hand, every turn is accounted for: its ledger, and the
transport, which is measured by finding the sound of the turn at both ends, against the gap on the caller's tape. --heard
keeps both in one record, for firstword report, doctor and what-if.

The sample caller rings a restaurant. For an agent with another business, record what its callers say (--audio).

${SERVER_HELP}

Exit codes: 1 where a turn was not answered, a call broke off or its records were not found, 130 when stopped (what was measured is told).

Examples:
  $ npx firstword call
  $ npx firstword call --calls 10 --json > gaps.jsonl
  $ npx firstword call --calls 20 --concurrent 4 --telephone
  $ npx firstword call --records firstword-out/agent --heard heard
  $ npx firstword call --room support-42 --audio my-recordings
  $ npx firstword call --url wss://my.livekit.cloud --agent-name receptionist`,
      ),
  load: async () => {
    // Anything else, and LiveKit's SDK logs every message on stdout.
    process.env.NODE_ENV = 'production';
    return (await import('./call.js')).call;
  },
};
