import { mkdtemp, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { generate } from 'selfsigned';

/** A server certificate for this machine and the authority that signed it. */
export interface Tls {
  readonly key: string;
  readonly cert: string;
  /** The authority's certificate, for clients to trust, in a file of its own. */
  readonly caPath: string;
  /** The folder of that file, to be removed at the end. */
  readonly folder: string;
}

/** Makes an authority and a certificate for 127.0.0.1 and localhost that live as long as the process. */
export async function createTls(): Promise<Tls> {
  const ca = await generate([{ name: 'commonName', value: 'Simulated Azure CA' }], {
    keyType: 'ec',
    algorithm: 'sha256',
    extensions: [
      { name: 'basicConstraints', cA: true, critical: true },
      { name: 'keyUsage', keyCertSign: true, cRLSign: true, critical: true },
    ],
  });
  const server = await generate([{ name: 'commonName', value: 'Simulated Azure' }], {
    keyType: 'ec',
    algorithm: 'sha256',
    ca: { key: ca.private, cert: ca.cert },
    extensions: [
      { name: 'basicConstraints', cA: false, critical: true },
      { name: 'keyUsage', digitalSignature: true, critical: true },
      { name: 'extKeyUsage', serverAuth: true },
      {
        name: 'subjectAltName',
        altNames: [
          { type: 2, value: 'localhost' },
          { type: 7, ip: '127.0.0.1' },
        ],
      },
    ],
  });
  const folder = await mkdtemp(path.join(os.tmpdir(), 'azure-'));
  const caPath = path.join(folder, 'ca.pem');
  await writeFile(caPath, ca.cert);
  return { key: server.private, cert: server.cert, caPath, folder };
}
