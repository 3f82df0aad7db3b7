import process from 'node:process';
import fc from 'fast-check';

// The same cases each time, so that a test that fails does so for a change; SEED tries others.
fc.configureGlobal({ seed: Number(process.env['SEED'] ?? 1) });

export default fc;
