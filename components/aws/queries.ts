import * as aws from "@pulumi/aws";
import type { LogGroups } from "./log-groups";
import type { AwsPart } from "./part";
import { savedQueries } from "./saved-queries";

/** Saves every query of {@link savedQueries} under `<prefix>/<name>`, over the groups it reads. */
export function queries(part: AwsPart, groups: LogGroups, prefix: string): aws.cloudwatch.QueryDefinition[] {
  return savedQueries.map(
    ({ name, streams, text }) =>
      new aws.cloudwatch.QueryDefinition(
        `${part.name}-query-${name}`,
        {
          // In the console a slash makes a folder.
          name: `${prefix.slice(1)}/${name}`,
          logGroupNames: streams.map((stream) => groups[stream].name),
          queryString: text,
        },
        { parent: part.parent },
      ),
  );
}
