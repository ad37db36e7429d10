import { setTimeout as wait } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { deadlineIn, type Ending, withoutClient } from './deadline.ts';

describe('a deadline', () => {
  it('tells when the time is over, and those who come later at once', async () => {
    const deadline = deadlineIn(20);
    const told: Ending[] = [];
    deadline.onEnding((why) => told.push(why));
    expect([deadline.ending, told]).toEqual([undefined, []]);
    await wait(40);
    deadline.onEnding((why) => told.push(why));
    expect([deadline.ending, deadline.left(), told]).toEqual(['late', 0, ['late', 'late']]);
    deadline.close();
  });

  it('leaves no time once it has told that the time is over', async () => {
    for (let round = 0; round < 20; round += 1) {
      const deadline = deadlineIn(3);
      const left = await new Promise((resolve) => {
        withoutClient(deadline).onEnding(() => resolve(deadline.left()));
      });
      expect([left, withoutClient(deadline).ending]).toEqual([0, 'late']);
      deadline.close();
    }
  });

  it('tells when the client goes; nobody who took it back, and nobody after it was closed', () => {
    const deadline = deadlineIn(1_000);
    const told: string[] = [];
    deadline.onEnding(() => told.push('taken back'))();
    deadline.onEnding((why) => told.push(why));
    deadline.clientGone();
    expect([deadline.ending, told]).toEqual(['gone', ['gone']]);
    deadline.close();
    deadline.clientGone();
    expect(told).toEqual(['gone']);
  });

  it('goes on without its client until it is late', async () => {
    const deadline = deadlineIn(20);
    const alone = withoutClient(deadline);
    const told: Ending[] = [];
    alone.onEnding((why) => told.push(why));
    deadline.clientGone();
    expect([alone.ending, told]).toEqual([undefined, []]);
    await wait(40);
    expect([alone.ending, told]).toEqual(['late', ['late']]);
    deadline.close();
  });
});
