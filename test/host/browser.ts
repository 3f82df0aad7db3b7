import type { LaunchOptions } from '@playwright/test';
import { chromiumPath } from './programs.mjs';

/** How to start Chromium so that it asks nobody outside for anything. */
export function browserOptions(): LaunchOptions {
  const executablePath = chromiumPath();
  if (executablePath === undefined) {
    throw new Error('No Chromium. Install it, on Debian with: sudo apt-get install -y chromium');
  }
  return {
    executablePath,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--no-first-run',
    ],
  };
}
