import { openAiWire } from '../../wire/openai/index.js';
import { type HttpModel, type HttpModelOptions, httpModel } from '../http-model.js';
import { bearer } from '../provider.js';

/**
 * A model behind any URL that speaks OpenAI's chat completions: vLLM, llama.cpp, a gateway, the emulator.
 *
 * @param options.provider name in traces and errors; default `compatible`
 * @param options.baseUrl up to, and not including, `/chat/completions`
 * @throws FirstwordError `bad_input` for a base URL that is none
 */
export function openAiCompatible(
  options: HttpModelOptions & { provider?: string; baseUrl: string },
): HttpModel {
  const { provider = 'compatible', ...rest } = options;
  return httpModel(
    {
      name: provider,
      label: provider,
      baseUrl: rest.baseUrl,
      wire: openAiWire,
      needsKey: false,
      auth: bearer,
    },
    rest,
  );
}
