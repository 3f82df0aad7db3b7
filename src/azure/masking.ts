import { fieldOf } from '../base/json.ts';
import { pointerTo } from '../base/jsonLines.ts';
import { redact } from '../base/redact.ts';

/** Stands for a text that is not shown, whatever its length. */
export const mask = '********';

/** Fields of a container group that hold secrets, or may: each value below them is masked. In small letters. */
const secretFields = new Set([
  'value', // of environment variables and of the headers of probes
  'securevalue',
  'password',
  'storageaccountkey',
  'workspacekey',
  'workspaceresourceid',
  'secret', // of volumes: by file names
  'keyvaluepairs',
  'protectedsettings',
  'ccepolicy', // may repeat environment values
]);

/** Fields whose names sound like secrets, and which only say where one is kept. In small letters. */
const openFields = new Set([
  'imageregistrycredentials',
  'secretreferences',
  'secretreference',
  'secretreferenceuri',
  'securevaluereference',
  'passwordreference',
  'storageaccountkeyreference',
  'keyname',
  'keyversion',
]);

/** Fields with sentences of Azure's own, in which a colon gives no secret away. */
const proseFields = new Set(['message', 'detailStatus']);

const environmentValue =
  /^\/properties\/(?:containers|initContainers)\/\d+\/properties\/environmentVariables\/\d+\/value$/;

/** Whether a JSON pointer leads to the plain value of an environment variable: the only kind that may be revealed. */
export function isEnvironmentValue(pointer: string): boolean {
  return environmentValue.test(pointer);
}

/**
 * A container group's body without what is secret in it. What is masked is told by the field, by its name, which may be
 * one that nobody knows yet, and in texts by what stands before; rather too much than too little.
 * @param isRevealed says which of the {@link isEnvironmentValue}s is shown.
 */
export function maskSecrets(body: unknown, isRevealed: (pointer: string) => boolean = () => false): unknown {
  return maskField(body, '', '', isRevealed);
}

/** The tags of a container group, those that are named like secrets masked. */
export function maskTags(tags: unknown): Readonly<Record<string, string>> {
  return typeof tags === 'object' && tags !== null
    ? Object.fromEntries(
        Object.keys(tags).map((name) => {
          const value = fieldOf(tags, name);
          return [name, isSecretName(name) || typeof value !== 'string' ? mask : maskText(value, false)];
        }),
      )
    : {};
}

function maskField(
  value: unknown,
  key: string,
  pointer: string,
  isRevealed: (pointer: string) => boolean,
): unknown {
  if (isEnvironmentValue(pointer) && isRevealed(pointer)) {
    return value;
  }
  const name = key.toLowerCase();
  if (secretFields.has(name) || (isSecretName(key) && !openFields.has(name))) {
    return maskAll(value);
  }
  if (pointer === '/tags') {
    return maskTags(value);
  }
  if (Array.isArray(value)) {
    return key === 'command'
      ? maskArguments(value)
      : value.map((item, index) => maskField(item, key, pointerTo(pointer, index), isRevealed));
  }
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(
      Object.keys(value).map((inner) => [
        inner,
        maskField(fieldOf(value, inner), inner, pointerTo(pointer, inner), isRevealed),
      ]),
    );
  }
  return typeof value === 'string' ? maskText(value, proseFields.has(key)) : value;
}

/** The same structure with each text, number and truth masked. */
function maskAll(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.map(maskAll);
  }
  return typeof value === 'object' && value !== null
    ? Object.fromEntries(Object.keys(value).map((key) => [key, maskAll(fieldOf(value, key))]))
    : value === null
      ? null
      : mask;
}

/** A command and its arguments: what follows a flag that is named like a secret is one. */
function maskArguments(list: readonly unknown[]): readonly unknown[] {
  return list.map((item, index) => {
    const before = list[index - 1];
    const [, flag] = typeof before === 'string' ? (/^[-/]{1,2}([\w.-]+)$/.exec(before) ?? []) : [];
    if (flag !== undefined && isSecretName(flag)) {
      return maskAll(item);
    }
    return typeof item === 'string' ? maskText(item, false) : maskAll(item);
  });
}

/** A name before `=` or `:`, its quotes closed; each starts at the beginning of a word, so the time is linear. */
const assignment = /(?<![\w.-])([\w.-]+)[\\"']*\s*([=:])/g;

/** A flag with a blank after it. */
const flagWithValue = /(?<!\S)[-/]{1,2}(\w[\w.-]*)\s+(?=\S)/g;

/** A text without what follows a name like that of a secret, without credentials and queries of addresses, and tokens. */
function maskText(text: string, isProse: boolean): string {
  const ends = [
    ...[...text.matchAll(assignment)].filter(
      ([, name = '', sign]) => isSecretName(name) && (sign === '=' || !isProse),
    ),
    ...(isProse ? [] : [...text.matchAll(flagWithValue)].filter(([, name = '']) => isSecretName(name))),
  ].map((match) => match.index + match[0].length);
  // Where the secret ends, nobody can tell: in quotes, or with blanks in it.
  const end = ends.length === 0 ? text.length : ends.reduce((least, at) => Math.min(least, at));
  const kept = redact(text.slice(0, end).replace(/\S+/g, maskCredentials));
  return end < text.length ? `${kept}${mask}` : kept;
}

/** The name and password before the host of any address. */
function maskCredentials(word: string): string {
  const start = word.indexOf('://');
  const end = word.lastIndexOf('@');
  return start < 0 || end < start ? word : `${word.slice(0, start + 3)}${mask}${word.slice(end)}`;
}

const secretParts = [
  'password', 'passwd', 'passphrase', 'passcode', 'pwd', 'secret', 'token', 'credential', 'apikey', 'accesskey',
  'accountkey', 'privatekey', 'sharedkey', 'connectionstring', 'connstr', 'authorization', 'bearer', 'signature',
  'cookie',
]; // prettier-ignore

const secretWords = new Set([
  'pass', 'pw', 'key', 'keys', 'sas', 'sig', 'auth', 'pat', 'jwt', 'dsn', 'cred', 'creds', 'pin', 'otp', 'salt',
  'cert', 'certificate', 'pem', 'pfx',
]); // prettier-ignore

/** Whether a field, tag, variable or flag is named as secrets are. */
export function isSecretName(name: string): boolean {
  const words = name
    .replace(/([a-z\d])(?=[A-Z])/g, '$1 ')
    .toLowerCase()
    .split(/[^a-z\d]+/);
  const joined = words.join('');
  return (
    words.some((word) => secretWords.has(word)) ||
    /(?:key|pass|pw)$/.test(joined) ||
    secretParts.some((part) => joined.includes(part))
  );
}
