/** What `firstword emulate --help` says after the options. */
export const HELP = `
Point any OpenAI-compatible client at the printed base URL. Any API key is accepted unless --key-env or --key-file is given.

Faults, as KIND[:NUMBER][@PROBABILITY] (a NUMBER in brackets is optional):
  straggler:MS                the whole response is delayed
  slowdown:FACTOR             all delays are multiplied by FACTOR
  no-headers                  the request is accepted and never answered
  hang-up                     the connection is closed before any response
  headers-then-comments[:MS]  headers, then keep-alive comments without end
  role-then-nothing           headers and the role chunk, then nothing
  empty-stream                a 200 without any event
  empty-answer                a well-formed stream without content
  error-frame                 a 200 with an error in the stream
  http-error:STATUS           an error response with the provider's error body
  rate-limited[:SECONDS]      a 429, with retry-after if SECONDS is given
  stall[:PIECES]              content stops mid-word, the connection stays open
  reset[:PIECES]              the connection is reset mid-word
  cut-off[:PIECES]            the stream ends mid-word as if complete
  garbage[:PIECES]            invalid UTF-8 between two pieces
  long-line:BYTES             a single event of that length
  broken-tool-json            tool arguments that end before the JSON is complete
  slow-drip[:MS]              a few bytes at a time
  html-page                   a 200 with a web page
Schedules (nth, every, from, until, per profile) need a fault plan: --faults FILE with
  {"rules": [{"fault": {"kind": "stall"}, "nth": [10]}, {"fault": {"kind": "http-error", "status": 503}, "probability": 0.05}]}

Speech services (--speech), on the same port, for LiveKit's own plugins; what to set for each is printed at the start:
  livekit-inference           STT, TTS, LLM, turn detector v1 and adaptive interruption of LiveKit Inference
  deepgram                    Nova and Flux STT, Aura TTS
  cartesia                    Sonic TTS
  elevenlabs                  TTS with several contexts
  assemblyai, soniox          STT, as LiveKit Inference carries them
If the embedded speech is installed (npm install @firstword/local), the services understand and speak any words. Without it
they hear the lines of --transcript and speak in tones.

Faults of speech (--speech-fault), counted per connection, utterance, synthesis or prediction:
  refuse                      the connection is reset before it is open
  http-error:STATUS           the connection is refused: 401, 402, 429, …
  slow-handshake:MS           the connection opens later
  close-idle:MS               the connection is closed after this time without a message
  final-late:MS               the final transcript comes later
  final-first                 the interims come after the final
  final-twice                 the final comes twice
  final-empty                 the final has no text
  final-changed               the final has other words than the interims
  no-interims                 no interim comes
  no-final                    interims come, but no final
  confidence-one              every confidence is 1
  reset-utterance:MS          the connection is reset this long after speech began
  audio-late:MS               the first audio comes later
  audio-stalls:MS             the audio stops after this much
  audio-never                 no message comes
  audio-missing               the synthesis ends without audio
  audio-silent                the audio is silence
  audio-rate:HZ               the audio has another sample rate than requested
  close-per-flush             the connection is closed after the first flush
  reset-audio:MS              the connection is reset after this much audio
  error-message               an error comes instead of audio
  prediction-never            the turn detector, or adaptive interruption, does not answer
  prediction-late:MS          the answer comes later
  close-prediction            the connection is closed instead of an answer
A plan for --speech-faults has "service" instead of "profile": livekit's inference-stt, inference-tts,
inference-turn-detector and inference-interruption, deepgram-stt, deepgram-flux, deepgram-tts, cartesia-tts, elevenlabs-tts.

Realtime models (--realtime), on the same port, for LiveKit's own plugins; what to set for each is printed at the start:
  openai, xai, gpt-live, gemini   OpenAI's realtime API, xAI's use of it, GPT-Live, Gemini Live
If the embedded speech is installed, they understand and speak any words; otherwise they hear --transcript and speak in tones.

Faults of realtime models (--realtime-fault), counted per response, or per connection:
  silent-generation           the response is completed without output
  no-audio, silent-audio      words without audio; silent audio
  late-audio:MS               the first audio comes later
  audio-stops[:MS]            the audio stops after this much, and the response is never completed
  never-created               no response begins
  rate-limited, server-error  the response fails
  reset                       the connection is reset
  garbage, broken-frame       unknown and malformed events; a frame that is not JSON
  http-error:STATUS           a connection is refused
  session-expires:MS          a session ends after that time

Examples:
  $ npx firstword emulate --realtime --transcript call.txt --realtime-fault silent-generation@0.065
  $ npx firstword emulate --list
  $ npx firstword emulate --speech livekit-inference --transcript call.txt
  $ npx firstword emulate --speech deepgram,cartesia --speech-fault final-late:2000@0.1
  $ npx firstword emulate --profile gpt-4o-mini --fault straggler:5000@0.01 --rtt 120
  $ npx firstword emulate --profile groq-gpt-oss-120b --port 8000`;
