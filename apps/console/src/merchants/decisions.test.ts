import { describe, expect, it } from 'vitest';
import type { ApplicationState } from '../operations.ts';
import { decisionsFor } from './decisions.ts';

const person = (id: string | null) => (id ? { id, displayName: id } : null);

describe('what an operator may decide', () => {
  it.each<[ApplicationState, string, string | null, string[]]>([
    ['APPLIED', 'applicant', null, ['recommend', 'reject']],
    ['APPLIED', 'me', null, []],
    ['RECOMMENDED', 'applicant', 'other', ['approve', 'reject']],
    ['RECOMMENDED', 'applicant', 'me', ['reject']],
    ['RECOMMENDED', 'me', 'other', []],
    ['APPROVED', 'applicant', 'other', []],
    ['REJECTED', 'applicant', null, []],
  ])('about %s by %s, recommended by %s: %j', (state, applicant, recommender, decisions) => {
    const application = {
      state,
      appliedBy: person(applicant),
      recommendedBy: person(recommender),
    };
    expect(decisionsFor(application, 'me')).toEqual(decisions);
  });
});
