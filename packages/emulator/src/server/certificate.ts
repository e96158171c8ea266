/** A key and a certificate in PEM. */
export interface Certificate {
  keyPem: string;
  certPem: string;
}

/** Makes a certificate for this host that vouches for itself. It lives as long as the process. */
export async function selfSignedCertificate(host: string): Promise<Certificate> {
  // Loaded only here: emulators without TLS start faster without it.
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
