import type { Value } from '../values/types.ts';
import type { PipelineContext, Stage } from './stage.ts';
import { chain, compileStage } from './stages.ts';

/** Most stages in one pipeline, as in MongoDB. */
export const MAX_STAGES = 1000;

/** Compiles a list of stages into one. */
export const compilePipeline = (stages: readonly Value[], context: PipelineContext): Stage =>
  chain(stages.map((stage) => compileStage(stage, { ...context, compile: compilePipeline })));
