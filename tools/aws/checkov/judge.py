"""Has checkov read each Terraform document named, and prints one line of JSON for each: see judge.ts."""

import json
import logging
import os
import sys

logging.disable(logging.CRITICAL)

from checkov.common.checks_infra.registry import get_graph_checks_registry  # noqa: E402
from checkov.common.graph.graph_builder import CustomAttributes  # noqa: E402
from checkov.runner_filter import RunnerFilter  # noqa: E402
from checkov.terraform.checks.resource import aws  # noqa: E402, F401
from checkov.terraform_json.runner import TerraformJsonRunner  # noqa: E402

# The checks of other clouds take seconds to load and can judge nothing here.
registry = get_graph_checks_registry("terraform")
registry.checks_dir = os.path.join(registry.checks_dir, "aws")


class KeepsGraph(TerraformJsonRunner):
    """A run after which the graph can still be looked at."""

    def add_graph_check_results(self, report, runner_filter):
        graph = self.graph_manager.get_reader_endpoint()
        self.resources = [
            attributes[CustomAttributes.ID]
            for attributes in attributes_of(graph)
            if attributes.get(CustomAttributes.BLOCK_TYPE) == "resource"
        ]
        super().add_graph_check_results(report, runner_filter)


def attributes_of(graph):
    for node in graph.nodes(data=True) if hasattr(graph, "edges") and hasattr(graph, "adj") else graph.nodes():
        yield node[1]


def judged(path):
    runner = KeepsGraph()
    runner.pbar.turn_off_progress_bar()
    runner_filter = RunnerFilter(framework=["terraform_json"], show_progress_bar=False)
    report = runner.run(files=[path], runner_filter=runner_filter)
    return {
        "parsed": sorted(runner.resources),
        "failed": sorted([check.check_id, check.resource, check.check_name] for check in report.failed_checks),
        "passed": len(report.passed_checks),
        "unread": report.parsing_errors,
    }


for name in sys.argv[1:]:
    print(json.dumps(judged(name)), flush=True)
