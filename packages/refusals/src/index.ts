export { isRefused, refuse, type Facts, type Refused } from './refused.ts';
export {
  declareRefusals,
  type Locale,
  type RefusalTable,
  refusalCatalogue,
  refusalSentence,
} from './catalogue.ts';
