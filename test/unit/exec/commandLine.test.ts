import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from '../../support/fc.ts';
import { AzureError, type AzureProblem } from '../../../src/azure/errors.ts';
import { isCancellation } from '../../../src/base/cancellation.ts';
import {
  commandLineProblem,
  encodeCommandLine,
  hideSecret,
  hideSecretInError,
  plainCommandLine,
  secretCommandLine,
} from '../../../src/exec/commandLine.ts';

describe('a secret in a command', () => {
  it('takes the place of every mark, and is hidden wherever Azure repeats it', () => {
    const command = secretCommandLine('login -p {secret} --again={secret}', 'hunter2$&');
    assert.equal(command.line, 'login -p hunter2$& --again=hunter2$&');
    assert.equal(
      hideSecret('exec: "login -p hunter2$&" not found', command),
      'exec: "login -p {secret}" not found',
    );
    assert.equal(hideSecret('as it is', secretCommandLine('login {secret}', '')), 'as it is');
    assert.equal(hideSecret('as it is', plainCommandLine('as')), 'as it is');
    assert.equal(hideSecret('x\ud800y', secretCommandLine('{secret}', 'x\ud800y')), '{secret}');
  });

  it('is hidden as it was sent, and as far as an address in it was redacted', () => {
    const percent = secretCommandLine('login {secret}', '50%+x');
    assert.equal(hideSecret('bad: login 50%25%2Bx', percent), 'bad: login {secret}');
    const link = secretCommandLine('fetch {secret}', 'https://box.example/x?sig=1');
    assert.equal(hideSecret('bad: fetch https://box.example/x?…', link), 'bad: fetch {secret}');
  });

  it('is hidden in the words of an error, which stays what it was', () => {
    const command = secretCommandLine('login {secret}', 'hunter2');
    const service = { kind: 'service', code: 'InvalidCommand', correlationId: 'c' } as const;
    const error = hideSecretInError(
      new AzureError({ ...service, detail: "'login hunter2' is odd" }),
      command,
    );
    assert.ok(error instanceof AzureError);
    assert.deepEqual(error.problem, { ...service, detail: "'login {secret}' is odd" });
    assert.doesNotMatch(error.message, /hunter2/);
    const plain = plainCommandLine('login hunter2');
    assert.equal(hideSecretInError(error, plain), error);
    const cancelled = new DOMException('stop', 'AbortError');
    assert.ok(isCancellation(hideSecretInError(cancelled, command)));
  });
});

describe('no form of a secret in an error', () => {
  const problems = (text: string): readonly AzureProblem[] => [
    { kind: 'credential', detail: text, tenantId: text },
    { kind: 'forbidden', action: text, detail: text },
    { kind: 'notFound', detail: text },
    { kind: 'unreachable', host: text, code: text },
    { kind: 'service', code: text, detail: text, correlationId: text },
    { kind: 'unexpected', detail: text },
  ];
  const escapes: Readonly<Record<string, (text: string) => string>> = {
    'as typed': (text) => text,
    'as sent': encodeCommandLine,
    'in JSON': (text) => JSON.stringify(text).slice(1, -1),
    'in JSON, as sent': (text) => JSON.stringify(encodeCommandLine(text)).slice(1, -1),
    'in JSON of .NET': (text) =>
      text.replace(/["'&<>+`\\]|[^ -~]/g, (unit) => {
        const code = unit.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0');
        return unit === '\\' ? '\\\\' : `\\u${code}`;
      }),
    'in a URL': encodeURIComponent,
    'in a URL, in small letters': (text) =>
      encodeURIComponent(text).replace(/%../g, (code) => code.toLowerCase()),
    'in a form': (text) => encodeURIComponent(text).replaceAll('%20', '+'),
  };
  const secrets = ['hunter2', 'p"w', '50%+x', 'ключ🔑', 'a/b\\c', 'x&<y>', 'secret', '{secret}', 'two words'];
  for (const [name, escape] of Object.entries(escapes)) {
    it(name, () => {
      for (const secret of secrets) {
        const command = secretCommandLine('login -p{secret} --again {secret}', secret);
        for (const problem of problems(`cannot run ${escape(command.line)}: ${escape(secret)}!`)) {
          const error = hideSecretInError(new AzureError(problem, { cause: new Error(secret) }), command);
          assert.ok(error instanceof AzureError);
          for (const text of Object.values(error.problem)) {
            const rest = String(text).replaceAll('{secret}', '');
            assert.ok(
              !rest.includes(escape(secret)) && !rest.includes(secret),
              `${escape(secret)} in ${rest}`,
            );
          }
          assert.equal(error.cause, undefined);
          assert.equal(error.problem.kind, problem.kind);
        }
      }
    });
  }

  it('of one or two letters is hidden as an argument and alone, and the words around it stay', () => {
    const line = secretCommandLine('login -p{secret} {secret}', 'a');
    assert.equal(
      hideSecret('a command, login -pa a, cannot start a bar: "-pa", a=a, -pas', line),
      '{secret} command, login -p{secret} {secret}, cannot start {secret} bar: "-p{secret}", {secret}={secret}, -pas',
    );
    const two = secretCommandLine('login {secret}', 'in');
    assert.equal(hideSecret('login in line: in', two), 'login {secret} line: {secret}');
  });

  it('is hidden in part, where the service splits it at its blanks', () => {
    const command = secretCommandLine('login {secret}', 'correct horse of');
    assert.equal(
      hideSecret('exec: "horse" of ["correct", "horse"]', command),
      'exec: "{secret}" of ["{secret}", "{secret}"]',
    );
  });
});

describe('commandLineProblem', () => {
  const rows = [
    ['/bin/sh -l', undefined],
    ['   ', 'empty'],
    ['sh -c "a b"', 'quotes'],
    ["sh -c 'a'", 'quotes'],
    ['a\nb', 'controlCharacter'],
    ['x'.repeat(4_999), undefined],
    ['x'.repeat(5_000), 'tooLong'],
    ['%'.repeat(1_700), 'tooLong'],
  ] as const;
  for (const [command, problem] of rows) {
    it(`${JSON.stringify(command.slice(0, 12))}: ${problem ?? 'fine'}`, () => {
      assert.equal(commandLineProblem(command), problem);
    });
  }
});

describe('encodeCommandLine', () => {
  it('comes back as it was from the decoding of the service', () => {
    fc.assert(
      fc.property(fc.string(), (command) => {
        const decoded = decodeURIComponent(encodeCommandLine(command).replaceAll('+', ' '));
        assert.equal(decoded, command.trim());
      }),
    );
  });
});
