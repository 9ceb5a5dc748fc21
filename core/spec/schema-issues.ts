import { closest, distance } from "fastest-levenshtein";
import { z } from "zod";
import type { Issue } from "../issue";
import { clipped } from "./structure-issues";

/** The issues of a schema's refusal, in the owner's words; unknown keys come with the known one they are nearest to. */
export function issuesOfSchema(schema: z.core.$ZodType, error: z.ZodError): Issue[] {
  return error.issues.flatMap((issue) => issuesOf(schema, issue));
}

function issuesOf(schema: z.core.$ZodType, issue: z.core.$ZodIssue): Issue[] {
  const path = issue.path.map((step) => clipped(String(step))).join(".");
  if (issue.code === "unrecognized_keys") {
    const known = keysAt(schema, issue.path);
    return issue.keys.map((key) => ({
      path: path === "" ? clipped(key) : `${path}.${clipped(key)}`,
      message: `is not a known key; ${cureFor(key, known)}`,
    }));
  }
  if (issue.code === "invalid_key") return issue.issues.map((inner) => ({ path, message: inner.message }));
  return [{ path, message: clipped(issue.message, 500) }];
}

function cureFor(key: string, known: readonly string[]): string {
  const near = key.length > 40 || known.length === 0 ? undefined : closest(key.toLowerCase(), known);
  const far = near === undefined || distance(key.toLowerCase(), near.toLowerCase()) > Math.max(1, key.length / 3);
  return far ? `known here are ${known.join(", ")}` : `did you mean "${near}"?`;
}

/** The keys an object at `path` may have. */
function keysAt(schema: z.core.$ZodType, path: readonly PropertyKey[]): string[] {
  let node = unwrapped(schema);
  for (const step of path) {
    if (node instanceof z.ZodRecord) node = unwrapped(node.valueType);
    else if (node instanceof z.ZodObject)
      node = unwrapped((node.shape as Record<string, z.core.$ZodType>)[String(step)]);
  }
  return node instanceof z.ZodObject ? Object.keys(node.shape) : [];
}

function unwrapped(node: z.core.$ZodType | undefined): z.core.$ZodType | undefined {
  return node instanceof z.ZodOptional ? node.unwrap() : node;
}
