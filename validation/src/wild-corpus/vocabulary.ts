/** What callers say. */
export const USER_LINES = [
  'I would like to move my appointment to Thursday',
  'can you tell me if the clinic is open on Saturday',
  'yes that works for me',
  'my order has not arrived yet',
  'the number is four seven one nine',
  'do you have anything earlier in the morning',
  'no, the second one please',
  'how much would that cost with delivery',
  'I was told somebody would call me back',
  'could you repeat the address',
  'okay thank you',
  'I need to speak to somebody about my bill',
] as const;

/** What agents answer. */
export const ANSWERS = [
  'Sure, let me move that for you. Would nine thirty work?',
  'We are open on Saturday from ten until two.',
  'Great. I have booked it under your name.',
  'I am sorry about that. Let me check where the parcel is right now.',
  'Thank you, I found your account.',
  'The earliest slot is at eight fifteen.',
  'The total with delivery comes to twenty four fifty.',
  'Of course. It is twelve Harbour Street, second floor.',
  'I can help you with the bill. Which month is it about?',
] as const;

/** One long sentence without a stop until its end: a splitter holds it until the stream ends. */
export const LONG_SENTENCES = [
  'So what I can do for you is take the appointment that you had on Monday and move it over to Thursday morning at half past nine with the same doctor in the same building as the last time you were here',
  'Before I change anything on your account I just want to make sure that the delivery address we have on file which is the one near the station is still the one where the parcel should go',
] as const;

/** Answers in a script whose sentences do not end in a Latin full stop. */
export const HINDI_ANSWERS = [
  'जी हाँ, आपकी अपॉइंटमेंट गुरुवार को साढ़े नौ बजे है। क्या यह समय आपके लिए ठीक रहेगा।',
  'आपका ऑर्डर कल शाम तक पहुँच जाएगा। क्या मैं और कोई मदद कर सकती हूँ।',
] as const;

/** Tools of agents. */
export const TOOLS = [
  'lookup_order',
  'find_slots',
  'get_weather',
  'check_balance',
  'create_booking',
] as const;

/** Lines of other programs and of the app, which say nothing about latency. */
export const APP_LINES = [
  'loaded tenant configuration',
  'caller matched crm contact',
  'webhook delivered',
  'cache refreshed',
  'recording consent stored',
  'session metadata saved',
  'language set to en-US',
  'sip participant connected',
] as const;

/** Lines of web servers, health checks and shells that share a terminal or a pod. */
export const FOREIGN_LINES = [
  '10.0.3.17 - - "GET /healthz HTTP/1.1" 200 2',
  'INFO:     Uvicorn running on http://0.0.0.0:8080 (Press CTRL+C to quit)',
  'DeprecationWarning: There is no current event loop',
  '(node:23) ExperimentalWarning: The fs.promises API is experimental',
  'npm warn config production Use `--omit=dev` instead.',
  'Successfully built wheel',
  'postgres: checkpoint complete: wrote 43 buffers (0.3%)',
  'redis: 1:M Background saving started by pid 88',
  'GET /metrics 200 12ms',
  '',
] as const;
