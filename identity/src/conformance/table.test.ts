import { describe, expect, it } from 'vitest';
import { conformanceText, PLANS } from './plans.ts';

// How many modules the suite has; for FAPI 2.0 without what belongs to national profiles and to signed requests.
const SIZES: Readonly<Record<string, number>> = {
  'oidcc-config-certification-test-plan': 1,
  'oidcc-basic-certification-test-plan': 38,
  'oidcc-formpost-basic-certification-test-plan': 38,
  'oidcc-dynamic-certification-test-plan': 23,
  'oidcc-rp-initiated-logout-certification-test-plan': 11,
  'oidcc-backchannel-rp-initiated-logout-certification-test-plan': 2,
  'fapi2-security-profile-final-test-plan': 54,
};

describe('the table of the modules', () => {
  it.each(PLANS)(
    'has every module of $name once: played by a case, or open with a reason',
    (plan) => {
      const open = Object.keys(plan.open);
      const all = [...plan.played, ...open];
      expect(new Set(all).size).toBe(all.length);
      for (const reason of Object.values(plan.open)) expect(reason.length).toBeGreaterThan(10);
      expect(all).toHaveLength(SIZES[plan.name] ?? 0);
    },
  );

  it('has every plan', () => {
    expect(PLANS.map(({ name }) => name).sort()).toEqual(Object.keys(SIZES).sort());
  });

  it('is the one in docs/identity-conformance.md', async () => {
    await expect(conformanceText()).toMatchFileSnapshot('../../../docs/identity-conformance.md');
  });
});
