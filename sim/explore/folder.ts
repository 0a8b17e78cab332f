/** Folders that are written to: what stands in their way, and how they are made with those above them. */
import { existsSync, mkdirSync, statSync } from 'node:fs';
import { dirname, relative, resolve } from 'node:path';

/** One by one, because `mkdirSync` with `recursive` never returns where folders cannot be made at all (`/proc`). */
export function makeFolder(path: string): void {
  const folder = resolve(path);
  if (isFolder(folder)) return;
  if (!existsSync(dirname(folder))) makeFolder(dirname(folder));
  try {
    mkdirSync(folder);
  } catch (error) {
    // Another sweep may have made it in between.
    if (!isFolder(folder)) throw error;
  }
}

const isFolder = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;

/** What is no folder and stands where one is wanted, at this path or above it; null when there is nothing. */
export function inTheWay(path: string): string | null {
  try {
    return statSync(path).isDirectory() ? null : path;
  } catch {
    return dirname(path) === path ? null : inTheWay(dirname(path));
  }
}

/** A path as it is read best from here. */
export const shortest = (path: string): string => {
  const near = relative('.', path);
  return near.startsWith('..') || near.length > path.length ? path : near;
};
