/** Value of an `Authorization: Basic` header, from the user name and password in a URL; `undefined` without a user name. */
export function basicAuth({ username, password }: URL): string | undefined {
  if (username === '') return undefined;
  const credentials = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return `Basic ${Buffer.from(credentials).toString('base64')}`;
}
