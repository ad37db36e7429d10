import type { RequestListener } from 'node:http';
import type { Controls } from '@7pay/controls';
import type { Duty, Subgraph } from '@7pay/graphql';
import type { IdSource } from '@7pay/ids';
import type { Refused } from '@7pay/refusals';
import type { Log } from '@7pay/telemetry';
import type { Clock } from '@7pay/time';
import type { Connection } from 'mongoose';
import type { RegisterRefusal } from './account/register-member.ts';
import type { JudgeAt } from './gate/gate-place.ts';
import type { IdentityAdmin } from './identity-admin.ts';
import type { IdentitySettingsInput } from './settings.ts';

export interface IdentityDeps {
  readonly connection: Connection;
  readonly controls: Controls;
  readonly clock: Clock;
  readonly ids: IdSource;
  readonly log: Log;
  readonly settings: IdentitySettingsInput;
  /** For tests alone, which take the gate away at one place and see what then gets through. */
  readonly judgeAt?: JudgeAt;
}

/** 7iD, running. */
export interface Identity {
  /** The provider and its pages, for node:http. Mount it at the root of the issuer's origin. */
  readonly handler: RequestListener;
  /** The `identity` subgraph, with its consumers. */
  readonly subgraph: Subgraph;
  /**
   * Registers a member as the page does; a member who has the address already stays as they are and is returned (seeding twice
   * changes nothing). Duties that nobody has to approve are given here and nowhere else, and the address counts as verified.
   */
  registerMember(input: {
    mail: string;
    displayName: string;
    password: string;
    duties?: readonly Duty[];
  }): Promise<{ memberId: string } | Refused<RegisterRefusal>>;
  /** What operators do and no request from outside can. */
  readonly admin: IdentityAdmin;
  stop(): Promise<void>;
}
