import { parseArgs } from 'node:util';
import { customEnvironment } from './customEnvironment.ts';
import { startEmulator } from './emulator.ts';

const usage = 'usage: npm run emulator -- [--scenario FILE|NAME] [--port N]';

function readArguments() {
  const { values } = parseArgs({ options: { scenario: { type: 'string' }, port: { type: 'string' } } });
  const port = values.port === undefined ? 0 : Number(values.port);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    throw new RangeError(`--port ${values.port ?? ''} is no port number`);
  }
  return { port, ...(values.scenario === undefined ? {} : { scenario: values.scenario }) };
}

try {
  const emulator = await startEmulator(readArguments());
  const { endpoint, caPath, controlUrl, credentials } = emulator;
  console.log(
    JSON.stringify({
      endpoint,
      caPath,
      controlUrl,
      ...credentials,
      customEnvironment: customEnvironment(endpoint),
    }),
  );
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.once(signal, () => void emulator.close());
  }
} catch (error) {
  console.error(`${error instanceof Error ? error.message : String(error)}\n${usage}`);
  process.exitCode = 2;
}
