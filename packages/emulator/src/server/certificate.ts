/** A private key and its certificate, in PEM format. */
export interface Certificate {
  keyPem: string;
  certPem: string;
}

/** Generates a self-signed certificate for this host and `localhost`. It is kept in memory only. */
export async function selfSignedCertificate(host: string): Promise<Certificate> {
  // Imported here because emulators without TLS start faster without it.
  const { generate } = await import('selfsigned');
  const isAddress = /^[\d.]+$|:/.test(host);
  const made = await generate([{ name: 'commonName', value: 'Firstword emulator' }], {
    keyType: 'ec',
    algorithm: 'sha256',
    extensions: [
      { name: 'basicConstraints', cA: true },
      {
        name: 'subjectAltName',
        altNames: [
          isAddress ? { type: 7, ip: host } : { type: 2, value: host },
          { type: 2, value: 'localhost' },
        ],
      },
    ],
  });
  return { keyPem: made.private, certPem: made.cert };
}
