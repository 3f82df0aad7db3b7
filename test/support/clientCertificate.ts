import 'reflect-metadata'; // @peculiar/x509 needs it loaded first
import { writeFile } from 'node:fs/promises';
import { PemConverter, X509CertificateGenerator } from '@peculiar/x509';

const algorithm = {
  name: 'RSASSA-PKCS1-v1_5',
  hash: 'SHA-256',
  modulusLength: 2048,
  publicExponent: new Uint8Array([1, 0, 1]),
};

/** Writes a service principal's certificate with its key, as `AZURE_CLIENT_CERTIFICATE_PATH` names one. */
export async function writeClientCertificate(file: string): Promise<void> {
  const keys = await crypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const certificate = await X509CertificateGenerator.createSelfSigned({
    name: 'CN=test',
    keys,
    signingAlgorithm: algorithm,
  });
  const key = PemConverter.encode(await crypto.subtle.exportKey('pkcs8', keys.privateKey), 'PRIVATE KEY');
  await writeFile(file, `${key}\n${certificate.toString('pem')}\n`);
}
