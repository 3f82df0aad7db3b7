import { AzureError } from './errors.ts';

/** How many failures in a row are forgiven. */
const mostFailures = 5;

/** Failures of which the next question may well know nothing, as when a network changes. */
export class PassingFailures {
  private inARow = 0;

  /**
   * Forgives one more; tells how long a service that is busy asks to be left alone, in seconds.
   * @throws the failure itself where it will not pass, or where there were too many in a row.
   */
  forgive(error: unknown): number | undefined {
    this.inARow++;
    if (this.inARow > mostFailures || !(error instanceof AzureError)) {
      throw error;
    }
    switch (error.problem.kind) {
      case 'throttled':
        return error.problem.retryAfterSeconds;
      case 'unreachable':
      case 'timedOut':
      case 'brokenOff':
      case 'transitioning':
        return undefined;
      default:
        throw error;
    }
  }

  /** There was an answer. */
  clear(): void {
    this.inARow = 0;
  }
}
