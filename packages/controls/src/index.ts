export {
  allKeys,
  isSwitchKey,
  type SwitchDescription,
  switchDescription,
  switchRegister,
} from './register.ts';
export {
  type Allowed,
  type Controls,
  type ControlsRefusal,
  fixedControls,
  type SwitchLook,
} from './controls.ts';
export {
  externalLoginSwitches,
  externalMethod,
  type LoginFacts,
  loginHasEnded,
} from './ended-logins.ts';
export { type FollowedControls, followControls } from './follow-controls.ts';
export {
  openSwitchStore,
  prepareControls,
  SWITCH_COLLECTION,
  type SwitchChange,
  switchIn,
  type SwitchRow,
  type SwitchStore,
} from './switch.store.ts';
