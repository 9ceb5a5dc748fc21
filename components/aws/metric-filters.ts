import * as aws from "@pulumi/aws";
import type { PbxProfile } from "../../core/profile/profile";
import { logEvents, outwardTrunks } from "./log-events";
import type { LogGroups } from "./log-groups";
import type { AwsPart } from "./part";

/** What is counted, and where the counts go. */
export interface MetricFiltersArgs {
  readonly groups: LogGroups;
  /** Namespace of the metrics; one for each PBX of an account and region. */
  readonly namespace: string;
  readonly profile: PbxProfile;
}

/** Makes one metric filter for each event of {@link logEvents}. */
export function metricFilters(
  part: AwsPart,
  { groups, namespace, profile }: MetricFiltersArgs,
): aws.cloudwatch.LogMetricFilter[] {
  return logEvents(outwardTrunks(profile.trunks)).map(
    ({ metric, stream, pattern, value, unit }) =>
      new aws.cloudwatch.LogMetricFilter(
        `${part.name}-counts-${metric}`,
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
      ),
  );
}
