import * as pulumi from "@pulumi/pulumi";

import type { Made } from "../../controls/cloud/cloud-control";
import { reveal } from "../engine/stand-in/rpc/properties";
import { answer, untouched } from "../engine/stand-in/aws/invokes";
import { EbsVolumes } from "../engine/stand-in/aws/ebs-volumes";
import { ElasticIps } from "../engine/stand-in/aws/elastic-ips";
import { ManagedHost } from "../engine/stand-in/aws/managed-host";
import { shapeOf } from "../engine/stand-in/aws/shape";
import { ASSOCIATION } from "../engine/stand-in/aws/simulation";
import { simulatedState } from "../engine/stand-in/aws/values";
import { reference } from "./terraform-names";

/** Where a program runs: its names are part of every physical name. */
export interface Place {
  readonly project: string;
  readonly stack: string;
}

/**
 * Runs a program without an engine, and gives every resource it made; among them what it asked of AWS, named ``. What one
 * resource takes from another is a reference as Terraform writes it, for example `${aws_kms_key.pbx-data.arn}`.
 */
export async function madeBy(
  program: () => void,
  { project, stack }: Place = { project: "simulated", stack: "simulated" },
): Promise<Made[]> {
  const collected: Made[] = [];
  const host = new ManagedHost();
  const world = { host, addresses: new ElasticIps(), disks: new EbsVolumes() };
  await pulumi.runtime.setMocks(
    {
      newResource: ({ type, name, inputs }) => {
        if (!type.startsWith("aws:")) return { id: `${name}-id`, state: inputs as object };
        const made = asMade(type, name, reveal(inputs) as Record<string, unknown>, collected.length + 1);
        collected.push(made);
        if (type === ASSOCIATION) host.order(made.inputs);
        return { id: String(made.outputs["id"]), state: made.outputs };
      },
      call: ({ token, inputs }) => {
        const asked = inputs as Record<string, unknown>;
        collected.push({ type: token, name: "", inputs: asked, outputs: {} });
        return answer(token, asked, untouched, world);
      },
    },
    project,
    stack,
  );
  program();
  // Waits for everything that was asked for.
  await pulumi.runtime.disconnect();
  return collected;
}

function asMade(type: string, name: string, inputs: Record<string, unknown>, serial: number): Made {
  const { outputs } = simulatedState(type, name, serial, inputs);
  const named: Record<string, unknown> = { ...outputs, id: reference(type, name, "id") };
  for (const [property, kind] of shapeOf(type).outputs)
    // Addresses stay addresses: programs look at them.
    if (kind === "string" && inputs[property] === undefined && !/Ip$/.test(property))
      named[property] = reference(type, name, property);
  return { type, name, inputs, outputs: named };
}
