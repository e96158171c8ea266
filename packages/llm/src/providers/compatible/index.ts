import { openAiWire } from '../../wire/openai/index.js';
import { type HttpModel, type HttpModelOptions, httpModel } from '../http-model.js';
import { bearer } from '../provider.js';

/**
 * A model behind any OpenAI-compatible chat completions URL: vLLM, llama.cpp, a gateway, the emulator.
 * @param options.provider name in traces and errors; default `compatible`
 * @param options.baseUrl URL without the trailing `/chat/completions`
 * @throws FirstwordError `bad_input` for an invalid base URL
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
