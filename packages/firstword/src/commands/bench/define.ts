import type { CommandEntry } from '../command.js';
import { asking, keeping, reporting, sending } from './options.js';

const HELP = `
Every provider of the router: openai, groq, cerebras, anthropic, gemini, openrouter, livekit, vllm, ollama, llama.cpp;
custom:MODEL@URL for any other OpenAI-compatible server; emulated:PROFILE without any key (published delays on real
sockets, nothing measured of a provider). Keys come from the environment, as the router has them.

The ways of asking (targets, modes, prefixes …) are interleaved in random order at a pace set beforehand: a slow answer
holds up no other request, and what leaves late counts from when it was due. Prompts are those of a voice agent: a
system prompt of a set size, a history that grows by a turn, short answers.

  warm    a connection in use          cold  none: DNS, TCP and TLS are paid
  idle:S  one left alone for S seconds

What it will send and cost is said before it starts. Ctrl-C keeps what was measured (exit code 130) and says how to go
on. Where the machine itself may have contaminated samples (event loop, CPU), they are counted, shown and kept. docs/bench.md
says what each figure means.

Examples:
  $ npx firstword bench emulated:groq-gpt-oss-120b emulated:gpt-4o-mini --turns 50 --pace 4
  $ npx firstword bench groq:openai/gpt-oss-120b cerebras:gpt-oss-120b openai:gpt-4.1-mini --budget usd=0.50
  $ npx firstword bench openai:gpt-4.1-mini --mode warm,cold,idle --prefix stable,broken
  $ npx firstword bench vllm:Qwen/Qwen2.5-7B-Instruct@http://gpu:8000/v1 --concurrency 1,8,32 --prompt agent.txt
  $ npx firstword bench --resume firstword-out/bench/2026-11-24T13-05-00Z.json
  $ npx firstword bench --show today.json --compare last-week.json --html bench.html
  $ npx firstword bench groq:openai/gpt-oss-120b openai:gpt-4.1-mini -n 30 --every 1h --history bench.jsonl --trend bench.html`;

export const bench: CommandEntry = {
  define: (command) => {
    command
      .name('bench')
      .description(
        'Measures LLM providers from this machine: which gives the fastest and steadiest first content to a voice turn.',
      )
      .argument('[targets...]', 'provider:model, or provider:model@URL for a server of your own')
      .hook('preAction', (self) => {
        self.setOptionValue('targets', self.args);
      });
    for (const group of [sending, asking, keeping, reporting]) group(command);
    return command.addHelpText('after', HELP);
  },
  load: async () => (await import('./bench.js')).bench,
};
