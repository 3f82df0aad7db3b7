import { describe, it } from 'node:test';
import { expectEveryLineOnce } from '../../support/logs/followed.ts';

describe('followLog, in thousands of cases', () => {
  it('shows every line once and in order, or says where some may be missing', () =>
    expectEveryLineOnce(10_000));
});
