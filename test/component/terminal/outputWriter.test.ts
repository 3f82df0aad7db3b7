import { describe, it } from 'node:test';
import { expectNoticeApart } from '../../support/terminal/notices.ts';

describe('OutputWriter, in thousands of cases', () => {
  it('a notice breaks no sequence and touches no full-screen program, wherever the output is cut', () =>
    expectNoticeApart(2_000));
});
