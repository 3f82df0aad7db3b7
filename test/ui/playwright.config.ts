import { defineConfig } from '@playwright/test';

export default defineConfig({
  testDir: import.meta.dirname,
  testMatch: '*.ui.ts',
  outputDir: '../../test-results',
  workers: 3, // on two cores: a workbench waits as much as it works
  timeout: 90_000,
  expect: { timeout: 20_000 },
  reporter: 'list',
  use: { screenshot: 'only-on-failure' },
  forbidOnly: process.env['CI'] !== undefined,
});
