import * as aws from "@pulumi/aws";
import type { PbxProfile } from "../../core/profile/profile";
import { logEvents, type LogEvent } from "./log-events";
import type { LogGroups } from "./log-groups";
import type { AwsPart } from "./part";

/** What is counted, and where the counts go. */
export interface MetricFiltersArgs {
  readonly groups: LogGroups;
  /** Namespace of the metrics; one for each PBX of an account and region. */
  readonly namespace: string;
  readonly profile: PbxProfile;
}

/** Makes one metric filter for each event of {@link logEvents}; gives the names of the metrics. */
export function metricFilters(part: AwsPart, args: MetricFiltersArgs): readonly string[] {
  const filters = new Map<string, number>();
  for (const event of logEvents(args.profile)) {
    const nth = (filters.get(event.metric) ?? 0) + 1;
    filters.set(event.metric, nth);
    metricFilter(part, args, event, nth === 1 ? event.metric : `${event.metric}-${nth}`);
  }
  return [...filters.keys()];
}

function metricFilter(
  part: AwsPart,
  { groups, namespace }: MetricFiltersArgs,
  { metric, stream, pattern, value, unit }: LogEvent,
  suffix: string,
): void {
  new aws.cloudwatch.LogMetricFilter(
    `${part.name}-counts-${suffix}`,
    {
      logGroupName: groups[stream].name,
      pattern,
      metricTransformation: {
        name: metric,
        namespace,
        value: value ?? "1",
        unit: unit ?? "Count",
        // A measured value has no meaning between two lines; a count of none is 0.
        ...(value === undefined ? { defaultValue: "0" } : {}),
      },
    },
    { parent: part.parent },
  );
}
