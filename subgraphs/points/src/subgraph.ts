import { defineSubgraph, type ServiceDeps, stub, type Subgraph } from '@7pay/graphql';
import { openLedger } from '@7pay/ledger';
import {
  awardOnCapture,
  awardOnPayment,
  reverseOnCancel,
  reverseOnRefund,
} from './award/award-points.consumer.ts';
import { awardPoints } from './award/award-points.ts';
import {
  MemberPointsResolver,
  MemberType,
  PaymentPointsResolver,
  PaymentType,
  pointsAccountReference,
  PointsAccountResolver,
  PointsAccountType,
  PointsEntryResolver,
} from './award/points.graphql.ts';
import { reverseAward } from './award/reverse-award.ts';
import { pointsContext } from './context.ts';
import { expirePoints } from './expiry/expire-points.ts';
import { expirePointsWorker } from './expiry/expire-points.worker.ts';
import { openPointsUnitOfWork } from './unit-of-work.ts';

/** The points subgraph: nanaco points earned by payments. */
export function pointsSubgraph({ connection, controls, clock, log }: ServiceDeps): Subgraph {
  const unitOfWork = openPointsUnitOfWork(connection);
  const award = awardPoints(unitOfWork, controls, clock);
  const reverse = reverseAward(unitOfWork, controls, clock);
  const { holdersOf } = openLedger(connection);
  const expire = expirePoints(unitOfWork, holdersOf, clock, () => controls.generation);
  return defineSubgraph({
    name: 'points',
    resolvers: [
      PaymentPointsResolver,
      MemberPointsResolver,
      MemberType,
      PointsAccountResolver,
      PointsEntryResolver,
    ],
    orphanedTypes: [PaymentType, MemberType, PointsAccountType],
    references: {
      Payment: stub,
      Member: stub,
      PointsAccount: pointsAccountReference,
    },
    context: pointsContext(connection, clock),
    consumers: [
      awardOnPayment(award),
      awardOnCapture(award),
      reverseOnCancel(reverse),
      reverseOnRefund(reverse),
    ],
    workers: [expirePointsWorker({ expire, log })],
    log,
  });
}
