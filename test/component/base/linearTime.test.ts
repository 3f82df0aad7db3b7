import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { cloudFromSettings } from '../../../src/azure/clouds.ts';
import {
  AzureError,
  azureReason,
  quotaResetMs,
  retryAfterSeconds,
  toAzureError,
} from '../../../src/azure/errors.ts';
import { maskSecrets } from '../../../src/azure/masking.ts';
import { parseContainerGroupId, parseContainerId } from '../../../src/azure/resourceIds.ts';
import { redact } from '../../../src/base/redact.ts';
import {
  commandLineProblem,
  encodeCommandLine,
  hideSecret,
  hideSecretInError,
  secretCommandLine,
} from '../../../src/exec/commandLine.ts';
import { readAnswer } from '../../../src/exec/remoteShell/runCommand.ts';
import { ProbeFilter } from '../../../src/exec/probe.ts';
import { reportsMissingCommand } from '../../../src/exec/shellFallback.ts';
import { parseLog } from '../../../src/logs/logLine.ts';
import { colouredLine, plainLine } from '../../../src/terminal/lineText.ts';
import { expectLinear } from '../../support/growth.ts';

/** Whatever reads a text that Azure, a proxy or a program in a container may have written. */
const readers: Readonly<Record<string, (text: string) => unknown>> = {
  redact,
  'toAzureError: an error of the network': (text) => toAzureError(new Error(text)),
  'toAzureError: its code': (text) => toAzureError(Object.assign(new Error('x'), { code: text })),
  'toAzureError: a credential': (text) =>
    toAzureError(Object.assign(new Error(text), { name: 'AuthenticationError' })),
  'toAzureError: a status': (text) =>
    [400, 401, 403, 404, 409].map((statusCode) =>
      toAzureError(Object.assign(new Error(text), { statusCode, code: text })),
    ),
  'toAzureError: no error': (text) => toAzureError(text),
  azureReason,
  'azureReason: its message': (text) => azureReason(JSON.stringify({ error: { code: text, message: text } })),
  retryAfterSeconds: (text) => retryAfterSeconds({ get: () => text }),
  quotaResetMs: (text) => quotaResetMs({ get: () => text }),
  parseContainerGroupId,
  cloudFromSettings: (text) =>
    cloudFromSettings('custom', {
      resourceManagerEndpointUrl: `https://a/${text}`,
      activeDirectoryEndpointUrl: `https://a/${text}`,
      activeDirectoryResourceId: `https://a/${text}`,
    }),
  maskSecrets: (text) => maskSecrets({ tags: { [text]: text }, command: [text], message: text }),
  commandLineProblem,
  encodeCommandLine,
  hideSecret: (text) => hideSecret(text, secretCommandLine('login -p {secret}', 'aa')),
  hideSecretInError: (text) =>
    hideSecretInError(
      new AzureError({ kind: 'notFound', detail: text }),
      secretCommandLine('login -p {secret}', 'aaaa'),
    ),
  reportsMissingCommand,
  parseLog,
  colouredLine,
  plainLine,
  'the answer of a command': (text) => outcomeOf(() => readAnswer(Buffer.from(text))),
  parseContainerId,
  ProbeFilter: (text) => new ProbeFilter().filter(Buffer.from(text)),
};

/** Texts that bring a pattern to look at the same characters again and again. */
const attacks: Record<string, (length: number) => string> = {
  'one word': (length) => 'a'.repeat(length),
  'one word, then an end': (length) => `${'a'.repeat(length)}\n]`,
  'one digit': (length) => '1'.repeat(length),
  blanks: (length) => `${' '.repeat(length)}x`,
  slashes: (length) => `${'/'.repeat(length)}x`,
  'exit codes': (length) => `${' x1'.repeat(length / 3)} \r`,
  newlines: (length) => '\n'.repeat(length),
};
for (const part of [
  'eyJ',
  'eyJ.',
  'eyJ-',
  'http://',
  'wss://?',
  'http://@',
  '[[EOM]]',
  'Bearer ',
  'AADSTS1',
  "perform action '",
  'perform action',
  'CERT_',
  'E_',
  '1:',
  '/subscriptions/',
  '/subscriptions/a/resourceGroups/a/providers/Microsoft.ContainerInstance/containerGroups/',
  'error ',
  'rpc error',
  'no such file',
  'executable file not found',
  '\x1b]7791;',
  `\x1b]7791;${'a'.repeat(32)};1`,
  '\x1b]7791;0123456789abcdef0123456789abcdef;1\x1b\\',
  '\x1b',
  '\x1b[',
  '\x1b]8;;',
  '2026-01-01T00:00:00',
  '{"error":',
  '[',
  'login -p a',
  'pw=',
  '--pw ',
  'key"',
]) {
  attacks[JSON.stringify(part)] = (length) => part.repeat(Math.ceil(length / part.length));
}

function outcomeOf(read: () => unknown): unknown {
  try {
    return read();
  } catch (error) {
    return error;
  }
}

describe('what reads a text from outside takes time in proportion to it', () => {
  for (const [reader, read] of Object.entries(readers)) {
    it(reader, () => {
      for (const [attack, inputOf] of Object.entries(attacks)) {
        assert.doesNotThrow(() => expectLinear(read, inputOf), `${reader} of ${attack}`);
      }
    });
  }
});
