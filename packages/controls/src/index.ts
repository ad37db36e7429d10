export {
  allKeys,
  isSwitchKey,
  type SwitchDescription,
  switchDescription,
  switchRegister,
} from './register.ts';
export { type Allowed, type Controls, type ControlsRefusal, type SwitchLook } from './controls.ts';
export { type FixedControls, fixedControls } from './fixed-controls.ts';
export {
  type Cohort,
  cohortSchema,
  CONSOLE_CLIENT,
  EVERYTHING,
  isEverything,
  isIn,
} from './cohort.ts';
export {
  CUT_OFF_EFFECTS,
  CUT_OFFS_MAX,
  type CutOff,
  type CutOffEffect,
  hasLapsed,
  isInForce,
  isSpent,
  peopleFor,
  PROPOSAL_MINUTES,
  type TakingBack,
} from './cut-off.ts';
export {
  classOfPrefix,
  type KnownNetwork,
  networkClasses,
  plainAddress,
  prefixOf,
} from './network-class.ts';
export { type CutOffStore, cutOffModel, openCutOffStore } from './cut-off.store.ts';
export {
  judge,
  type LoginSnapshot,
  type LoginStop,
  type LoginVerdict,
  resetsSince,
} from './judge.ts';
export {
  externalLoginSwitches,
  externalMethod,
  LOGIN_METHODS,
  type LoginFacts,
  type LoginMethod,
  methodsOf,
  providersOf,
} from './login-facts.ts';
export { ENDED_LOGIN_SECONDS, type EndedLogin, endOf, keyOfEnd } from './ended-login.ts';
export { type EndedLoginStore, openEndedLogins } from './ended-login.store.ts';
export { type FollowedEndedLogins, followEndedLogins } from './follow-ended-logins.ts';
export { type FollowedControls, followControls } from './follow-controls.ts';
export {
  LISTED_MAX,
  openSwitchStore,
  prepareControls,
  raiseGeneration,
  SWITCH_COLLECTION,
  type SwitchChange,
  switchIn,
  type SwitchRow,
  type SwitchStore,
} from './switch.store.ts';
