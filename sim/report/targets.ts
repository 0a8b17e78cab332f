import type { ExploreDocument } from '../explore/document.ts';

export const missedTargets = (_: ExploreDocument): readonly string[] => [];
