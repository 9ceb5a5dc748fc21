import { evidence } from "./evidence";
import { identity } from "./identity";
import { machine } from "./machine";
import { network } from "./network";
import type { ResourceType, ResourceTypes } from "./resource-type";
import { storage } from "./storage";

/** Every type this project makes or lets a caller attach. */
export const resourceTypes: ResourceTypes = { ...network, ...machine, ...storage, ...identity, ...evidence };

/** @throws Error naming the folder to add it to, for a type that is not in the table. */
export function resourceType(token: string): ResourceType {
  const type = resourceTypes[token];
  if (type === undefined)
    throw new Error(
      `the simulation of AWS does not know ${token}: add it, with what replaces it, to tools/engine/stand-in/aws/types/`,
    );
  return type;
}
