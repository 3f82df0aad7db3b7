import { defineConfig } from '@playwright/test';

export default defineConfig({
  testDir: import.meta.dirname,
  testMatch: '*.ui.ts',
  outputDir: '../../test-results',
  workers: 3, // on two cores: a workbench waits as much as it works
  retries: process.env['CI'] === undefined ? 0 : 1, // what passes the second time is printed as flaky
  timeout: 300_000, // a limit for what hangs; a busy machine may be slow
  expect: { timeout: 60_000 },
  reporter: 'list',
  use: { screenshot: 'only-on-failure' },
  forbidOnly: process.env['CI'] !== undefined,
});
