import { linkText, pageUrl } from '@firstword/doctor/pages';
import { type Command, Option } from 'commander';
import { CALLS, HOSTED_SPEECH, REALTIME } from '../../fetched/package-set.js';
import { wholeNumber } from '../../options.js';
import type { CommandEntry } from '../command.js';

/** Options that a resumed comparison takes from its folder; they cannot be given together with --resume. */
const FIXED_BY_RESUME = [
  'arms',
  'calls',
  'audio',
  'rounds',
  'profile',
  'setup',
  'speech',
  'realtime',
  'warmUp',
  'seed',
  'out',
  'transcripts',
  'merge',
];

const HELP = `
All arms use the same speech-to-text, LLM, text-to-speech, callers and seeds, and their calls are interleaved. One round
has 66 lines in fifteen calls by four voices (--calls core: 25 lines in six calls by three): short and long questions,
hesitations of 0.4 to 1.2 s, self-corrections, a trailing "please", numbers, names, barge-ins and backchannels, some calls
with background noise. Gaps are measured on the tapes, not taken from the agents' own records.

Each arm first plays a warm-up call that is shown but not counted, because connections, models and the router's latencies
are cold in it. --no-warm-up counts from the first call.

With --setup, Firstword's arms get the router; LiveKit's defaults get the primary model alone. A router starts without
learned latencies, as on a new machine, unless --memory provides those of earlier runs. --setup all compares the four
setups one after another, prints the targets next to the measurements, and continues after a failed setup.

--speech STT+TTS puts LiveKit's plugins of hosted services between the caller and the agent, connected to emulated
services: real sockets, published delays. The emulated STT hears the words of the script, each as soon as it is said (of
recordings: what the embedded STT hears); the emulated TTS speaks with the embedded voice. livekit-inference is Deepgram nova-3 and
Cartesia sonic-3 by their names. An unknown name lists all.

Arms with a realtime model talk through LiveKit's plugin to an emulated provider: real sockets, a published delay (GPT-Live: made up, as none was published), OpenAI's turns ended after 500 ms of
silence, the same scripted answers. --realtime names its latency profile (an unknown name lists all); --realtime live takes the real
provider, which costs money. They have no router and ignore --profile where the model answers itself.

--audio PATH plays recordings, a file or a folder of them: WAV of any kind, FLAC, MP3, M4A, Ogg and others. A mono file is a
turn; a file with the caller on the left and the agent on the right channel is a call, and is cut into the caller's turns.
Where each turn begins and ends is shown first, with pictures in the page of --html. Between the turns the recording's own
background is played. A .txt file of the same name holds the words to compare the transcript with; a manifest.jsonl may name
the speakers, and intervals are then over speakers. The turns of a folder are played in calls of up to eight.

Arms:
  livekit           LiveKit's defaults
  firstword         Firstword's low-latency preset, as users get it
  all-levers        every lever on
  only-LEVER        only this lever on
  all-but-LEVER     all levers but this one on
  every             all of the above; arms with the same levers once
  realtime:openai   a realtime (speech-to-speech) model hears, answers and speaks; realtime:xai, realtime:gemini, too
  half-cascade      the same model answers in text, and the TTS of the other arms speaks
  transcript        the same model only hears; the LLM and the TTS of the other arms answer
  realtime:gpt-live, delegation   GPT-Live answers itself, or delegates to the LLM of the other arms
Levers: speculation, preemptiveTts, clause, trimSilence, endpointing, askAgain, repair, bargeIn (an unknown arm lists them all)

The LLM is emulated (real sockets, published delays) unless one of these is set:
OPENAI_API_KEY, GROQ_API_KEY, CEREBRAS_API_KEY or FIRSTWORD_LLM_BASE_URL.

The expected duration is printed at the start. Ctrl-C stops and prints the results so far (exit code 130). With --out, the
results are saved after every call, marked "stopped": true. --resume DIR, or the same command again, continues with the
same calls and seeds; calls that not every arm has completed are played again, and so are the warm-up calls.
${linkText(pageUrl('compare.md'))} explains the figures.

Examples:
  $ npx firstword compare --calls core
  $ npx firstword compare --profile gpt-4o-mini --out firstword-out/compare --html firstword-out/compare.html
  $ npx firstword compare --setup all --calls core --out firstword-out/figures --html firstword-out/figures.html
  $ npx firstword compare --setup mini-backup --memory firstword-out/memory
  $ npx firstword compare --resume firstword-out/figures --html firstword-out/figures.html
  $ npx firstword compare --arms every --calls core
  $ npx firstword compare --arms livekit,only-speculation,all-but-speculation,firstword
  $ npx firstword compare --speech deepgram+cartesia --calls core
  $ npx firstword compare --arms livekit,firstword,realtime:openai,half-cascade --html compare.html
  $ npx firstword compare --audio my-recordings --profile gpt-4o-mini
  $ npx firstword compare --merge a/comparison.json b/comparison.json --html both.html
  $ npx firstword compare --json > comparison.json`;

function callOptions(command: Command): void {
  command
    .option('-a, --arms <list>', 'arms to compare; the first is the baseline', 'livekit,firstword')
    .option('-c, --calls <list>', 'calls to play: all (default), core (the first six) or names')
    .option('--audio <path>', 'play your own recordings: an audio file, or a folder of turns or calls')
    .option('-r, --rounds <n>', 'how often each arm gets each call', wholeNumber(1, 1000), 1)
    .option('-p, --profile <name>', 'LLM of all arms (an unknown name lists all)')
    .option('--setup <name>', 'emulated models behind a router: groq, mini, mini-backup, fastest, or all')
    .option('--speech <stt+tts>', 'hosted speech, emulated: such as deepgram+cartesia, or livekit-inference')
    .option('--realtime <name>', 'realtime model of such arms: a latency profile, or live (needs a key)')
    .option('--no-warm-up', 'count from the first call')
    .option('--memory <dir>', 'folder in which routers keep learned latencies between runs')
    .option(
      '-s, --seed <n>',
      'seed of the callers and of the emulated delays',
      wholeNumber(0, 2 ** 31 - 1),
      1,
    );
}

function outputOptions(command: Command): void {
  command
    .option('-o, --out <dir>', 'folder for the tapes, the turn records and the results')
    .option('--html <file>', 'write a self-contained page with plots, tables and audio excerpts')
    .addOption(
      new Option('--resume <dir>', 'continue the comparison that was stopped in this --out folder').conflicts(
        FIXED_BY_RESUME,
      ),
    )
    .option('--merge <files...>', 'play nothing: pool the comparison.json files of several runs')
    .option('--transcripts', 'write the words of both sides into the records')
    .option('--json', 'print one JSON object on stdout; progress on stderr');
}

/** The `compare` command. */
export const compare: CommandEntry = {
  define: (command) => {
    command
      .name('compare')
      .description(
        'Plays the same calls to several agent configurations and compares how long callers wait.',
      );
    callOptions(command);
    outputOptions(command);
    return command.addHelpText('after', HELP);
  },
  needs: (command) => {
    const { speech, arms } = command.opts();
    if (/realtime|half-cascade|transcript|delegation/.test(arms)) return REALTIME;
    return speech === undefined ? CALLS : HOSTED_SPEECH;
  },
  load: async () => (await import('./compare.js')).compare,
};
