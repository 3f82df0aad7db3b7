#!/usr/bin/env node
// Stands in for the VS Code executable that @vscode/test-electron starts: takes its flags, opens the workbench
// of the npm host in a headless browser, and exits with the tests' code.
import { readFileSync } from 'node:fs';
import { chromium } from '@playwright/test';
import { browserOptions } from './browser.ts';
import { startVsCodeServer } from './vscodeServer.ts';

const limitMs = 8 * 60_000;

function flag(name: string): string {
  const prefix = `--${name}=`;
  const value = process.argv.find((argument) => argument.startsWith(prefix));
  if (value === undefined) {
    throw new Error(`${prefix}… is missing`);
  }
  return value.slice(prefix.length);
}

const settingsFile = process.env['VSCODE_TEST_SETTINGS'];
const server = await startVsCodeServer({
  extensionDevelopmentPath: flag('extensionDevelopmentPath'),
  extensionTestsPath: flag('extensionTestsPath'),
  settings:
    settingsFile === undefined
      ? {}
      : (JSON.parse(readFileSync(settingsFile, 'utf8')) as Record<string, unknown>), // written by the test run
  env: {},
});
const browser = await chromium.launch(browserOptions());
try {
  const page = await browser.newPage();
  const exited = new Promise<number>((resolve, reject) => {
    setTimeout(
      () => reject(new Error(`the tests took longer than ${limitMs / 60_000} minutes`)),
      limitMs,
    ).unref();
    void page.exposeFunction('codeAutomationExit', (code: number) => resolve(code));
    page.on('crash', () => reject(new Error('the workbench crashed')));
  });
  await page.exposeFunction('codeAutomationLog', (type: string, args: unknown[]) => {
    // The npm host has no native log writer and watchdog; VS Code works all the same.
    if (!args.some((argument) => /spdlog|native-watchdog/.test(String(argument)))) {
      (type === 'error' ? console.error : console.log)(...args);
    }
  });
  await page.goto(server.url());
  process.exitCode = await exited;
} catch (error) {
  console.error(error);
  process.exitCode = 1;
} finally {
  await browser.close();
  await server.stop();
}
