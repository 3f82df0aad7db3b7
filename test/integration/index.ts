import Mocha from 'mocha';

/** Called by the extension host: runs every integration test. */
export async function run(): Promise<void> {
  const mocha = new Mocha({
    ui: 'bdd',
    timeout: 240_000,
    reporter: 'spec',
    color: false,
    grep: process.env['GREP'] ?? '',
  });
  mocha.suite.emit('pre-require', globalThis, '', mocha);
  const suite = process.env['ACI_TEST_SUITE'];
  if (suite === 'proxy') {
    await import('./throughProxy.test.ts');
  } else if (suite === 'oneContainer') {
    await import('./systemCertificates.test.ts');
    await import('./files.test.ts');
  } else {
    // First the idle test: it needs an extension host in which nothing has used the extension yet.
    await import('./idle.test.ts');
    await import('./exec.test.ts');
    await import('./liveResize.test.ts');
    await import('./flowControl.test.ts');
    await import('./faults.test.ts');
    await import('./paste.test.ts');
    await import('./leaks.test.ts');
    await import('./endings.test.ts');
    await import('./pickContainer.test.ts');
    await import('./treeNodes.test.ts');
  }
  await new Promise<void>((resolve, reject) => {
    mocha.run((failures) => {
      if (failures === 0) {
        resolve();
      } else {
        reject(new Error(`${failures} integration tests failed`));
      }
    });
  });
}
