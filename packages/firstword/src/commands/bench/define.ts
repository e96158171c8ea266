import { linkText, pageUrl } from '@firstword/doctor/pages';
import type { CommandEntry } from '../command.js';
import { measuresNoLlm, neededPackages } from './needed-packages.js';
import { requestOptions, resultOptions, runOptions, variantOptions } from './options.js';
import { modes } from './parse.js';

const HELP = `
Targets are PROVIDER:MODEL with any provider of the router: openai, groq, cerebras, anthropic, azure, bedrock, gemini,
openrouter, livekit, vllm, ollama, llama.cpp. custom:MODEL@URL is any other OpenAI-compatible server. emulated:PROFILE needs no key: it
plays published delays over real sockets and measures no provider. Keys come from the same environment variables as for
the router.

Speech engines: stt:deepgram/nova-3 and tts:cartesia/sonic-3 are measured through LiveKit Inference, as with these names in an
AgentSession; stt:plugin:deepgram/nova-3 through LiveKit's plugin, if it is installed in the same project, with the vendor's
key; stt:emulated:deepgram-nova-3 and tts:emulated:cartesia-sonic-3 without a key. tts:cartesia/sonic-3:VOICE names a voice.

Realtime (speech-to-speech) models: realtime:openai, realtime:xai, realtime:gemini, realtime:gpt-live, with their keys in
OPENAI_API_KEY, XAI_API_KEY and GOOGLE_API_KEY; realtime:openai/MODEL names a model, realtime:openai@URL a server of your own;
realtime:emulated:gpt-realtime-1.5 needs no key. Each request opens a session through LiveKit's plugin, plays the line, and closes
it at the first audible sample of the answer. --silence measures several waits for the end of a turn.

The variants (targets, modes, prefixes …) are interleaved in random order and sent on a fixed schedule: a slow response
delays no other request, and latency is counted from the scheduled send time. Prompts are those of a voice agent: a system
prompt of a set size, a history that grows by one turn per request, short answers.

  warm    an open connection           cold  a new one, with DNS, TCP and TLS
  idle:S  an open connection that was idle for S seconds

The number of requests and their cost are printed before the start. Ctrl-C keeps the samples so far (exit code 130) and
prints how to continue. Samples that this machine may have contaminated (event loop, CPU) are counted, shown and kept.
${linkText(pageUrl('bench.md'))} explains the figures.

Examples:
  $ npx firstword bench emulated:groq-gpt-oss-120b emulated:gpt-4o-mini --turns 50 --pace 4
  $ npx firstword bench groq:openai/gpt-oss-120b cerebras:gpt-oss-120b openai:gpt-4.1-mini --budget usd=0.50
  $ npx firstword bench openai:gpt-4.1-mini --mode warm,cold,idle --prefix stable,broken
  $ npx firstword bench vllm:Qwen/Qwen2.5-7B-Instruct@http://gpu:8000/v1 --concurrency 1,8,32 --prompt agent.txt
  $ npx firstword bench stt:deepgram/nova-3 stt:deepgram/flux-general tts:cartesia/sonic-3 --budget requests=500
  $ npx firstword bench stt:emulated:deepgram-nova-3 tts:emulated:cartesia-sonic-3 -n 20 --html speech.html
  $ npx firstword bench realtime:openai realtime:gemini openai:gpt-4.1-mini --silence 300,500 -n 50 --budget requests=300
  $ npx firstword bench --resume firstword-out/bench/2026-11-24T13-05-00Z.json
  $ npx firstword bench --show today.json --compare last-week.json --html bench.html
  $ npx firstword bench groq:openai/gpt-oss-120b openai:gpt-4.1-mini -n 30 --every 1h --history bench.jsonl --trend bench.html`;

/** The `bench` command. */
export const bench: CommandEntry = {
  define: (command) => {
    command
      .name('bench')
      .description(
        'Measures LLM providers (time to first content), speech engines (final transcript, first sound) and realtime models from this machine.',
      )
      .argument(
        '[targets...]',
        'provider:model, provider:model@URL for your own server, stt:MODEL, tts:MODEL or realtime:PROVIDER',
      )
      .hook('preAction', (self) => {
        self.setOptionValue('targets', self.args);
        const isDefault = self.getOptionValueSource('mode') === 'default';
        if (isDefault && measuresNoLlm(self)) self.setOptionValue('mode', modes('warm,cold'));
      });
    for (const group of [requestOptions, variantOptions, runOptions, resultOptions]) group(command);
    return command.addHelpText('after', HELP);
  },
  needs: neededPackages,
  load: async () => (await import('./bench.js')).bench,
};
