import { expect, it } from 'vitest';
import { interleaveMembers } from '../testing/interleaved-members.ts';

const CONNECTIONS = 64;
const ANSWERS = 4_000;

it(`trap 18: two members, ${CONNECTIONS} requests in flight, ${ANSWERS} answers: none is crossed`, async () => {
  const { answers, crossed, failed } = await interleaveMembers({
    answers: ANSWERS,
    connections: CONNECTIONS,
  });
  expect(crossed).toEqual([]);
  expect(failed).toEqual([]);
  expect(answers).toBe(ANSWERS);
}, 60_000);
